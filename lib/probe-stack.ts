import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Config } from '../lambda/config/config.ts';
import { staggerOf } from '../lambda/consensus/stagger.ts';
import { eventSource } from '../lambda/environment.ts';
import { roundKey } from '../lambda/history/keys.ts';
import { vantageAlarms } from './alarms.ts';
import { arnsOf } from './arns.ts';
import { type Egress, warnOfPort25, wayOut } from './egress.ts';
import { allow, handlerFunction, secretArn } from './handler.ts';
import { namesOf } from './names.ts';
import { carryAlarmsHome } from './operators.ts';
import { releaseOf, releaseOutput } from './release.ts';
import { roundSchedule, start } from './schedule.ts';
import { probeOnWish } from './second-opinion.ts';
import { undeliveredQueue } from './undelivered.ts';

export interface ProbeStackProps extends StackProps {
  /** The checked config, as `loadConfig` returns it. */
  readonly config: Config;

  /** The region it runs in, one of the config's vantages. */
  readonly vantage: string;

  /**
   * How long the logs of the probe are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * By which way the probe leaves AWS. Port 25 needs another than the default.
   *
   * @default 'default'
   */
  readonly egress?: Egress;
}

/**
 * One vantage: a function that probes every target each round. `SmtpQuorum` makes one per vantage of the config.
 *
 * @example
 * new ProbeStack(app, 'MailProbe', { config, vantage: 'eu-west-1', env: { region: 'eu-west-1' } });
 */
export class ProbeStack extends Stack {
  /** Started by the schedule, and by the judge when a second opinion is wanted. */
  readonly probe: LambdaFunction;

  constructor(scope: Construct, id: string, props: ProbeStackProps) {
    super(scope, id, props);
    const { config, vantage, logRetention = RetentionDays.ONE_MONTH, egress = 'default' } = props;
    const undelivered = undeliveredQueue(this, 'Undelivered');
    this.probe = probeFunction(this, { config, vantage, logRetention, egress });
    warnOfPort25(this, vantage, egress, config);
    start(this, 'Schedule', {
      target: this.probe,
      ...roundSchedule(config.policy.every, behind(config, vantage)),
      description: `A round of ${vantage}`,
      // A round that was missed is over; the next one comes soon.
      retryAttempts: 0,
      undelivered,
    });
    probeOnWish(this, { vantage, probe: this.probe, bus: regionalBus(this, config, vantage), undelivered });
    carryAlarmsHome(this, { config, alarms: vantageAlarms(this, config, this.probe), undelivered });
    new CfnOutput(this, releaseOutput, {
      value: releaseOf(config),
      description: 'Version and config, for smtp-quorum doctor',
    });
  }
}

/** Vantage k of n begins its rounds k/n of a round later, where the config staggers them. Milliseconds. */
function behind({ policy: { stagger, every, vantages } }: Config, vantage: string): number {
  return stagger ? staggerOf(vantages.indexOf(vantage), vantages.length, every) : 0;
}

/** The name of this region's bus; the home region's own bus serves its vantage, too. */
function regionalBus(scope: Construct, config: Config, vantage: string): string {
  const { bus } = namesOf(config);
  if (vantage === config.home) return bus;
  return new EventBus(scope, 'Bus', { eventBusName: bus, description: `Second opinions wanted of ${vantage}` })
    .eventBusName;
}

type ProbeProps = Required<Pick<ProbeStackProps, 'config' | 'vantage' | 'logRetention' | 'egress'>>;

function probeFunction(scope: Construct, { config, vantage, logRetention, egress }: ProbeProps): LambdaFunction {
  const [names, arns] = [namesOf(config), arnsOf(config)];
  const way = wayOut(scope, egress, config, names.probe);
  const probe = handlerFunction(scope, 'Probe', {
    handler: 'probe',
    functionName: names.probe,
    description: `Holds an SMTP session with every target, from ${vantage}`,
    config,
    environment: { vantage, home: config.home, table: names.table, bus: names.bus },
    timeout: probeTimeout(config),
    memorySize: 512,
    logRetention,
    retryAttempts: 0,
    maxEventAge: Duration.minutes(1),
    way,
  });
  probe.addToRolePolicy(
    // Its own rounds and no other item; it reads one back only to learn whether a refused write was its own.
    allow(['dynamodb:PutItem', 'dynamodb:GetItem'], [arns.table], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [roundKey.pk(vantage)] },
    }),
  );
  probe.addToRolePolicy(
    allow(['events:PutEvents'], [arns.bus(config.home)], {
      StringEquals: { 'events:source': eventSource, 'events:detail-type': 'Round Recorded' },
    }),
  );
  const secrets = secretsOf(config);
  if (secrets.length > 0) probe.addToRolePolicy(allow(['secretsmanager:GetSecretValue'], secrets));
  return probe;
}

/** The slowest target's deadline, and ten seconds to start and to write the round. */
function probeTimeout({ targets }: Config): Duration {
  return Duration.millis(Math.max(20_000, ...targets.map(({ timeout }) => timeout)) + 10_000);
}

function secretsOf({ targets, home }: Config): string[] {
  const arns = targets.flatMap(({ auth }) =>
    auth && 'secret' in auth.password ? [secretArn(auth.password.secret, home)] : [],
  );
  return [...new Set(arns)];
}
