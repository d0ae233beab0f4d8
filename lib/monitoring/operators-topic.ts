import { Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventBus, EventField, type IRuleTarget, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Config } from '../../lambda/config/config.ts';
import { eventTargetRole } from '../iam/event-target-role.ts';
import { grant } from '../iam/statements.ts';
import { arnsOf } from '../naming/arns.ts';
import { namesOf } from '../naming/names.ts';

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
 * every region. It is not encrypted at rest: CloudWatch cannot publish under the key that AWS keeps for SNS, a key of
 * one's own costs a dollar a month, and an alarm's text is this project's own runbook.
 *
 * CloudWatch itself tells that an alarm of the home region goes off: were EventBridge in trouble, which starts the judge,
 * an alarm that went by it would be silent together with the judge. That an alarm is over goes by EventBridge, which can
 * tell the end of an alarm from the first look at a new one; CloudWatch's own OK action would mail both.
 */
export function operatorsTopic(scope: Construct, props: OperatorsProps): Topic {
  const { config, bus, operators, alarms, undelivered } = props;
  const name = namesOf(config).operators;
  const topic = new Topic(scope, 'Operators', { topicName: name, displayName: name, enforceSSL: true });
  for (const address of operators) topic.addSubscription(new EmailSubscription(address));
  for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(topic));
  const rules = [
    new Rule(scope, 'HomeAlarmsEnd', {
      description: 'That an alarm of the home region is over goes to those who run the monitor',
      eventPattern: {
        ...alarmChanges,
        resources: alarms.map(({ alarmArn }) => alarmArn),
        detail: { state: { value: ['OK'] }, previousState: { value: ['ALARM'] } },
      },
      targets: [mailing(topic, undelivered)],
    }),
    new Rule(scope, 'VantageAlarms', {
      eventBus: bus,
      description: 'Alarms of the vantages go to those who run the monitor',
      eventPattern: { ...alarmChanges, detail: realChanges },
      targets: [mailing(topic, undelivered)],
    }),
  ];
  letPublish(topic, alarms, rules);
  if (operators.length === 0) warnOfSilence(topic);
  return topic;
}

/** As CDK's own target for a topic, which would let every rule of every account publish to it. */
function mailing(topic: Topic, undelivered: IQueue): IRuleTarget {
  return {
    bind: ({ ruleRef }) => {
      const fromRule = { ArnEquals: { 'aws:SourceArn': ruleRef.ruleArn } };
      const statement = grant(['sqs:SendMessage'], [undelivered.queueArn], fromRule);
      statement.addServicePrincipal('events.amazonaws.com');
      undelivered.addToResourcePolicy(statement);
      const deadLetterConfig = { arn: undelivered.queueArn };
      return { arn: topic.topicArn, input: alarmText(), targetResource: topic, deadLetterConfig };
    },
  };
}

/**
 * With a policy of its own, which `enforceSSL` makes, a topic has no longer the one that SNS gives it, by which the
 * services of the account may publish.
 */
function letPublish(topic: Topic, alarms: readonly Alarm[], rules: readonly Rule[]): void {
  const publishers = {
    'cloudwatch.amazonaws.com': alarms.map(({ alarmArn }) => alarmArn),
    'events.amazonaws.com': rules.map(({ ruleArn }) => ruleArn),
  };
  for (const [service, sources] of Object.entries(publishers)) {
    const conditions = {
      ArnLike: { 'aws:SourceArn': sources },
      StringEquals: { 'aws:SourceAccount': topic.stack.account },
    };
    const statement = grant(['sns:Publish'], [topic.topicArn], conditions);
    statement.addServicePrincipal(service);
    topic.addToResourcePolicy(statement);
  }
}

function warnOfSilence(topic: Topic): void {
  Validations.of(topic).addWarning(
    'smtp-quorum:operators',
    'nobody is subscribed to the alarms of the monitor itself: name an e-mail address in notify that hears of blind, or write operators in the context of cdk.json (docs/deploy.md#who-else-hears)',
  );
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

export interface ForwardAlarmsProps {
  readonly config: Config;
  readonly alarms: readonly Alarm[];
  readonly undelivered: IQueue;
}

/** Carries changes of a vantage's alarms to the home bus. CloudWatch puts them on the default bus by itself. */
export function forwardAlarmsHome(scope: Construct, { config, alarms, undelivered }: ForwardAlarmsProps): void {
  const home = EventBus.fromEventBusArn(scope, 'HomeBus', arnsOf(config).bus(config.home));
  new Rule(scope, 'AlarmsGoHome', {
    description: 'Changes of the alarms of this vantage go to the home region',
    eventPattern: { ...alarmChanges, resources: alarms.map(({ alarmArn }) => alarmArn), detail: realChanges },
    targets: [
      new BusTarget(home, {
        role: eventTargetRole(scope, 'AlarmsGoHomeRole', 'Carries changes of alarms to the home bus'),
        deadLetterQueue: undelivered,
      }),
    ],
  });
}
