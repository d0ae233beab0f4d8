import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { longestCall } from '../../lambda/aws/client-timeouts.ts';
import type { Config } from '../../lambda/config/config.ts';
import { staggerDelay } from '../../lambda/consensus/judgement/stagger.ts';
import { roundKey } from '../../lambda/history/table/keys.ts';
import { SESSIONS_AT_MOST, sessionTime } from '../../lambda/probe/capacity/round-budget.ts';
import { checkDeployable } from '../deployment/deployable.ts';
import { packageVersion, releaseOf, releaseOutput } from '../deployment/release.ts';
import { useX86 } from '../function/architecture.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { roundSchedule, scheduleFunction } from '../function/schedule.ts';
import { undeliveredQueue } from '../function/undelivered-queue.ts';
import { grant, ownEvents } from '../iam/statements.ts';
import { vantageAlarms } from '../monitoring/alarms.ts';
import { distinctAddresses, operatorsOf, reportVantageAlarms } from '../monitoring/operators-topic.ts';
import { arnsOf } from '../naming/arns.ts';
import { namesOf } from '../naming/names.ts';
import { stackPropsIn } from '../naming/stack-props.ts';
import { type EgressNetwork, egressNetwork, warnOfEgress } from '../network/egress-network.ts';
import type { Egress } from '../network/egress-setting.ts';
import { schedulePosture } from '../posture/posture-function.ts';
import { scheduleTrips } from '../trips/trip-function.ts';
import { type FormerBuses, probeOnSecondOpinion } from './second-opinion-rule.ts';
import { grantSecrets } from './secret-policies.ts';

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

  /**
   * A prefix of names of secrets. The probe may read all of them, in place of a list of the config's secrets.
   *
   * @default - exactly the secrets of the config
   */
  readonly secretPrefix?: string;

  /**
   * E-mail addresses for the alarms that are reported from the region itself: that the vantage is silent, and in China and
   * GovCloud the others, too.
   *
   * @default - the addresses of the config's `notify` that hear of blind vantages
   */
  readonly operators?: readonly string[];

  /**
   * Whether the bus of the previous release is kept, too.
   *
   * @default 'keep'
   */
  readonly formerBuses?: FormerBuses;

  /**
   * Regions whose functions run on x86_64 instead of arm64.
   *
   * @default - none
   */
  readonly x86?: readonly string[];
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
  /** Alarms that are reported without the home region; null in the home region, whose topic has them. */
  readonly operators: Topic | null;

  constructor(scope: Construct, id: string, props: ProbeStackProps) {
    super(scope, id, probePlace(props));
    const { config, vantage, egress = 'default', formerBuses = 'keep' } = props;
    const undelivered = undeliveredQueue(this, 'Undelivered');
    const way = egressNetwork(this, egress, config);
    this.probe = probeFunction(this, props, way);
    warnOfEgress(this, vantage, egress, config);
    scheduleFunction(this, 'Schedule', {
      target: this.probe,
      ...roundSchedule(config.policy.every, behind(config, vantage)),
      description: `A round of ${vantage}`,
      // A round that was missed is over; the next one comes soon.
      retryAttempts: 0,
      undelivered,
    });
    probeOnSecondOpinion(this, { config, vantage, probe: this.probe, undelivered, formerBuses });
    const alarms = vantageAlarms(this, config, { probe: this.probe, undelivered });
    const posture = secondPosture(this, props, undelivered);
    const trips = scheduleTrips(this, { ...secretParts(props), undelivered, way });
    this.operators = reportVantageAlarms(this, {
      config,
      vantage,
      operators: distinctAddresses(props.operators ?? operatorsOf(config)),
      alarms: { ...alarms, others: [...alarms.others, ...[posture, trips].filter((alarm) => alarm !== null)] },
      undelivered,
    });
    useX86(this, props.x86);
    if (this.operators !== null)
      new CfnOutput(this, 'OperatorsTopicArn', {
        value: this.operators.topicArn,
        description: 'Subscribe whoever else shall hear of this vantage without the home region',
      });
    new CfnOutput(this, releaseOutput, {
      value: releaseOf(config),
      description: 'Version and config, for smtp-quorum doctor',
    });
  }
}

/** The home stack has the function of the home region. */
function secondPosture(scope: Construct, props: ProbeStackProps, undelivered: Queue): Alarm | null {
  if (props.vantage === props.config.home) return null;
  return schedulePosture(scope, { ...secretParts(props), undelivered });
}

function secretParts({ config, vantage, logRetention = RetentionDays.ONE_MONTH, secretKeys = [] }: ProbeStackProps) {
  return { config, vantage, logRetention, secretKeys };
}

function probePlace(props: ProbeStackProps): StackProps {
  const { config, vantage, egress = 'default', ...settings } = props;
  checkDeployable(config, { ...settings, egress: { [vantage]: egress } }, 'probe');
  return stackPropsIn(props, vantage, namesOf(config).stack(`probe-${vantage}`));
}

/** Vantage k of n begins its rounds k/n of a round later, where the config staggers them. Milliseconds. */
function behind({ policy: { stagger, every, vantages } }: Config, vantage: string): number {
  return stagger ? staggerDelay(vantages.indexOf(vantage), vantages.length, every) : 0;
}

function probeFunction(scope: Construct, props: ProbeStackProps, way: EgressNetwork): LambdaFunction {
  const { config, vantage, logRetention = RetentionDays.ONE_MONTH } = props;
  const [names, arns] = [namesOf(config), arnsOf(config)];
  const probe = handlerFunction(scope, 'Probe', {
    handler: 'probe',
    functionName: names.probe,
    description: `Holds an SMTP session with every target, from ${vantage}`,
    config,
    environment: {
      ...{ vantage, home: config.home, table: names.table, bus: names.bus, release: packageVersion() },
      ...{ egress: way.name, ...(way.address === undefined ? {} : { address: way.address }) },
    },
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
  probe.addToRolePolicy(grant(['events:PutEvents'], [arns.bus(config.home)], ownEvents('Round Recorded')));
  grantSecrets(scope, probe.role as Role, { config, keys: props.secretKeys ?? [], prefix: props.secretPrefix });
  return probe;
}

/** Calls in sequence in one round: read a password, write the round, publish the event. */
const CALLS = 3;

/** The time of the sessions, and the longest time of the calls. */
function probeTimeout(config: Config): Duration {
  return Duration.seconds(Math.ceil((sessionTime(config, SESSIONS_AT_MOST) + CALLS * longestCall()) / 1000));
}
