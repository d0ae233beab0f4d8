import { Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventBus, EventField, type IRuleTarget, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget, SnsTopic as TopicTarget } from 'aws-cdk-lib/aws-events-targets';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Config } from '../../lambda/config/config.ts';
import { comparableAddress } from '../../lambda/standards/domain-name.ts';
import { afterPolicyOf, eventTargetRole } from '../iam/event-target-role.ts';
import { grant } from '../iam/statements.ts';
import { arnsOf } from '../naming/arns.ts';
import { namesOf } from '../naming/names.ts';
import { forwardsBetweenRegions, hasOperatorsTopic, partitionOf } from '../naming/partition.ts';
import type { VantageAlarms } from './alarms.ts';

/** A new alarm leaves INSUFFICIENT_DATA in one direction or the other before there is anything to tell of it. */
const realChanges = { state: { value: ['ALARM', 'OK'] }, previousState: { value: ['ALARM', 'OK'] } };

const alarmChanges = { source: ['aws.cloudwatch'], detailType: ['CloudWatch Alarm State Change'] };

export interface OperatorsProps {
  readonly config: Config;
  /** The home bus, to which the vantages carry the changes of their alarms. */
  readonly bus: EventBus;
  /** E-mail addresses of those who run the monitor. */
  readonly operators: readonly string[];
  /** The home region's own alarms. */
  readonly alarms: readonly Alarm[];
  readonly undelivered: IQueue;
}

/**
 * The topic of those who run the monitor, apart from the alerts about mail servers; one confirmed subscription hears of
 * every region, except that a vantage is silent. It is not encrypted at rest: CloudWatch cannot publish under the key that AWS keeps for SNS, a key of
 * one's own costs a dollar a month, and an alarm's text is this project's own runbook.
 *
 * CloudWatch itself tells that an alarm of the home region goes off: were EventBridge in trouble, which starts the judge,
 * an alarm that went by it would be silent together with the judge. That an alarm is over goes by EventBridge, which can
 * tell the end of an alarm from the first look at a new one; CloudWatch's own OK action would mail both.
 */
export function operatorsTopic(scope: Construct, props: OperatorsProps): Topic {
  const { config, bus, operators, undelivered } = props;
  const topic = topicOf(scope, namesOf(config).operators, 'HomeAlarmsEnd', props);
  if (operators.length === 0) warnOfSilence(topic);
  new Rule(scope, 'VantageAlarms', {
    eventBus: bus,
    description: 'Alarms of the vantages go to those who run the monitor',
    eventPattern: { ...alarmChanges, detail: realChanges },
    targets: [mailTarget(topic, 'VantageAlarmsRole', undelivered)],
  });
  return topic;
}

type TopicProps = Pick<OperatorsProps, 'operators' | 'alarms' | 'undelivered'>;

function topicOf(
  scope: Construct,
  name: string,
  endsId: string,
  { operators, alarms, undelivered }: TopicProps,
): Topic {
  const topic = new Topic(scope, 'Operators', { topicName: name, displayName: name, enforceSSL: true });
  for (const address of operators) topic.addSubscription(new EmailSubscription(address));
  for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(topic));
  new Rule(scope, endsId, {
    description: 'That an alarm of this region is over goes to those who run the monitor',
    eventPattern: {
      ...alarmChanges,
      resources: alarms.map(({ alarmArn }) => alarmArn),
      detail: { state: { value: ['OK'] }, previousState: { value: ['ALARM'] } },
    },
    targets: [mailTarget(topic, `${endsId}Role`, undelivered)],
  });
  allowAlarms(topic, alarms);
  return topic;
}

/**
 * Publishes with a role. A statement in the topic's policy would need a condition on the
 * rule, and an older version of the guide says that EventBridge does not support such conditions for SNS.
 * https://aws.amazon.com/about-aws/whats-new/2025/03/amazon-eventbridge-iam-execution-role-all-targets/
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
function mailTarget(topic: Topic, roleId: string, deadLetterQueue: IQueue): IRuleTarget {
  const role = eventTargetRole(topic.stack, roleId, 'Publishes changes of alarms to the topic of the operators');
  role.addToPolicy(grant(['sns:Publish'], [topic.topicArn]));
  // Without policy updates, because the CDK would add a second statement.
  const publisher = role.withoutPolicyUpdates();
  return afterPolicyOf(
    role,
    new TopicTarget(topic as ITopic, { message: alarmText(), role: publisher, deadLetterQueue }),
  );
}

/**
 * With a policy of its own, which `enforceSSL` makes, a topic has no longer the one that SNS gives it, by which the
 * services of the account may publish.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
function allowAlarms(topic: Topic, alarms: readonly Alarm[]): void {
  const statement = grant(['sns:Publish'], [topic.topicArn], {
    ArnLike: { 'aws:SourceArn': alarms.map(({ alarmArn }) => alarmArn) },
    StringEquals: { 'aws:SourceAccount': topic.stack.account },
  });
  statement.addServicePrincipal('cloudwatch.amazonaws.com');
  topic.addToResourcePolicy(statement);
}

function warnOfSilence(topic: Topic): void {
  Validations.of(topic).addWarning(
    'smtp-quorum:operators',
    'no address is subscribed to the alarms of the monitor itself: list an e-mail address in notify with the topic blind, or set operators in the context of cdk.json (docs/deploy.md#other-subscribers)',
  );
}

/** Each address once. */
export function distinctAddresses(addresses: readonly string[]): readonly string[] {
  const names = addresses.map(comparableAddress);
  return addresses.filter((_, place) => names.indexOf(names[place] ?? '') === place);
}

/** Who runs the monitor, where nobody else is named: those who want to hear of blind vantages. */
export function operatorsOf({ notify }: Config): readonly string[] {
  return notify.flatMap((channel) =>
    channel.kind === 'email' && channel.when.includes('blind') ? [channel.address] : [],
  );
}

function alarmText(): RuleTargetInput {
  const detail = (path: string) => EventField.fromPath(`$.detail.${path}`);
  return RuleTargetInput.fromMultilineText(
    [
      `${detail('alarmName')} in ${EventField.fromPath('$.region')} is ${detail('state.value')} since ${EventField.fromPath('$.time')}`,
      `${detail('configuration.description')}`,
      `${detail('state.reason')}`,
    ].join('\n'),
  );
}

export interface VantageAlarmsProps {
  readonly config: Config;
  readonly vantage: string;
  readonly operators: readonly string[];
  readonly alarms: VantageAlarms;
  readonly undelivered: IQueue;
}

/**
 * Reports a vantage's alarms to the operators, each by one way. `silent` goes to a topic in the region of the vantage, because
 * it is also the alarm that the home region is lost; the others go through the home region. In the home region itself a second
 * topic would have no further receivers. Where rules cannot forward, the topic of the region has every alarm.
 * @returns the topic that each operator has to confirm, too; null if all alarms go home
 */
export function reportVantageAlarms(scope: Construct, props: VantageAlarmsProps): Topic | null {
  const {
    config,
    vantage,
    alarms: { silent, others },
  } = props;
  const forwards = forwardsBetweenRegions(partitionOf(vantage));
  const hasTopic = hasOperatorsTopic(config, vantage);
  if (forwards) forwardAlarmsHome(scope, props, hasTopic ? others : [silent, ...others]);
  if (!hasTopic) return null;
  const alarms = forwards ? [silent] : [silent, ...others];
  return topicOf(scope, namesOf(config).vantageOperators, 'AlarmsEnd', { ...props, alarms });
}

/** Carries changes of a vantage's alarms to the home bus. CloudWatch puts them on the default bus by itself. */
function forwardAlarmsHome(
  scope: Construct,
  { config, undelivered }: VantageAlarmsProps,
  alarms: readonly Alarm[],
): void {
  const home = EventBus.fromEventBusArn(scope, 'HomeBus', arnsOf(config).bus(config.home));
  const role = eventTargetRole(scope, 'AlarmsGoHomeRole', 'Carries changes of alarms to the home bus');
  new Rule(scope, 'AlarmsGoHome', {
    description: 'Changes of the alarms of this vantage go to the home region',
    eventPattern: { ...alarmChanges, resources: alarms.map(({ alarmArn }) => alarmArn), detail: realChanges },
    targets: [afterPolicyOf(role, new BusTarget(home, { role, deadLetterQueue: undelivered }))],
  });
}
