import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { eventSource } from '../../lambda/aws/environment.ts';
import type { Config } from '../../lambda/config/config.ts';
import { staggerDelay } from '../../lambda/consensus/judgement/stagger.ts';
import { roundKey } from '../../lambda/history/table/keys.ts';
import { checkDeployable } from '../deployment/deployable.ts';
import { releaseOf, releaseOutput } from '../deployment/release.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { roundSchedule, scheduleFunction } from '../function/schedule.ts';
import { undeliveredQueue } from '../function/undelivered-queue.ts';
import { grant, secretArn } from '../iam/statements.ts';
import { vantageAlarms } from '../monitoring/alarms.ts';
import { forwardAlarmsHome } from '../monitoring/operators-topic.ts';
import { arnsOf } from '../naming/arns.ts';
import { namesOf } from '../naming/names.ts';
import { stackPropsIn } from '../naming/stack-region.ts';
import type { Egress } from '../network/egress.ts';
import { egressNetwork, warnOfEgress } from '../network/egress-network.ts';
import { probeOnSecondOpinion } from './second-opinion.ts';

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

  /**
   * ARNs of the KMS keys of your own under which passwords of the config are encrypted.
   *
   * @default - none
   */
  readonly secretKeys?: readonly string[];
}

/**
 * One vantage: a function that probes every target each round. `SmtpQuorum` makes one per vantage of the config. Its
 * region is the vantage, and its name follows from the config's, as the home stack's does.
 *
 * @throws Error where the config cannot be deployed to AWS, has no such vantage, or another region is asked for
 * @example
 * new ProbeStack(app, 'MailProbe', { config, vantage: 'eu-west-1' });
 */
export class ProbeStack extends Stack {
  /** Started by the schedule, and by the judge when a second opinion is wanted. */
  readonly probe: LambdaFunction;

  constructor(scope: Construct, id: string, props: ProbeStackProps) {
    super(scope, id, probePlace(props));
    const { config, vantage, logRetention = RetentionDays.ONE_MONTH, egress = 'default', secretKeys = [] } = props;
    const undelivered = undeliveredQueue(this, 'Undelivered');
    this.probe = probeFunction(this, { config, vantage, logRetention, egress, secretKeys });
    warnOfEgress(this, vantage, egress, config);
    scheduleFunction(this, 'Schedule', {
      target: this.probe,
      ...roundSchedule(config.policy.every, behind(config, vantage)),
      description: `A round of ${vantage}`,
      // A round that was missed is over; the next one comes soon.
      retryAttempts: 0,
      undelivered,
    });
    probeOnSecondOpinion(this, { vantage, probe: this.probe, bus: regionalBus(this, config, vantage), undelivered });
    forwardAlarmsHome(this, {
      config,
      alarms: vantageAlarms(this, config, { probe: this.probe, undelivered }),
      undelivered,
    });
    new CfnOutput(this, releaseOutput, {
      value: releaseOf(config),
      description: 'Version and config, for smtp-quorum doctor',
    });
  }
}

function probePlace(props: ProbeStackProps): StackProps {
  const { config, vantage, egress = 'default' } = props;
  checkDeployable(config, { [vantage]: egress });
  return stackPropsIn(props, vantage, namesOf(config).stack(`probe-${vantage}`));
}

/** Vantage k of n begins its rounds k/n of a round later, where the config staggers them. Milliseconds. */
function behind({ policy: { stagger, every, vantages } }: Config, vantage: string): number {
  return stagger ? staggerDelay(vantages.indexOf(vantage), vantages.length, every) : 0;
}

/** The name of this region's bus; the home region's own bus serves its vantage, too. */
function regionalBus(scope: Construct, config: Config, vantage: string): string {
  const { bus } = namesOf(config);
  if (vantage === config.home) return bus;
  return new EventBus(scope, 'Bus', { eventBusName: bus, description: `Second opinions wanted of ${vantage}` })
    .eventBusName;
}

type ProbeProps = Required<Pick<ProbeStackProps, 'config' | 'vantage' | 'logRetention' | 'egress' | 'secretKeys'>>;

function probeFunction(scope: Construct, props: ProbeProps): LambdaFunction {
  const { config, vantage, logRetention, egress, secretKeys } = props;
  const [names, arns] = [namesOf(config), arnsOf(config)];
  const way = egressNetwork(scope, egress, config, names.probe);
  const probe = handlerFunction(scope, 'Probe', {
    handler: 'probe',
    functionName: names.probe,
    description: `Holds an SMTP session with every target, from ${vantage}`,
    config,
    environment: { vantage, home: config.home, table: names.table, bus: names.bus, egress: way.name },
    timeout: probeTimeout(config),
    memorySize: 512,
    logRetention,
    retryAttempts: 0,
    maxEventAge: Duration.minutes(1),
    way,
  });
  probe.addToRolePolicy(
    // Its own rounds and no other item; it reads one back only to learn whether a refused write was its own.
    grant(['dynamodb:PutItem', 'dynamodb:GetItem'], [arns.table], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [roundKey.pk(vantage)] },
    }),
  );
  probe.addToRolePolicy(
    grant(['events:PutEvents'], [arns.bus(config.home)], {
      StringEquals: { 'events:source': eventSource, 'events:detail-type': 'Round Recorded' },
    }),
  );
  letRead(probe, secretsOf(config), secretKeys);
  return probe;
}

/** The passwords of the config; keys of one's own serve nothing but Secrets Manager. */
function letRead(probe: LambdaFunction, secrets: readonly string[], keys: readonly string[]): void {
  if (secrets.length === 0) return;
  probe.addToRolePolicy(grant(['secretsmanager:GetSecretValue'], secrets));
  if (keys.length === 0) return;
  const throughSecrets = { StringLike: { 'kms:ViaService': 'secretsmanager.*' } };
  probe.addToRolePolicy(grant(['kms:Decrypt'], keys, throughSecrets));
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
