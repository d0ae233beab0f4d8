import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Config } from '../lambda/config/config.ts';
import { arnsOf } from './arns.ts';
import { namesOf } from './names.ts';

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
 * The topic of those who run the monitor, apart from the alerts about mail servers. It hears the home region's alarms
 * directly, and those of the vantages by way of the home bus, so that one confirmed subscription is enough. It is not
 * encrypted at rest: CloudWatch cannot publish under the key that AWS keeps for SNS, a key of one's own costs a dollar a
 * month, and an alarm's text is this project's own runbook.
 */
export function operatorsTopic(scope: Construct, props: OperatorsProps): Topic {
  const { config, bus, operators, alarms, undelivered } = props;
  const name = namesOf(config).operators;
  const topic = new Topic(scope, 'Operators', { topicName: name, displayName: name, enforceSSL: true });
  for (const address of operators) topic.addSubscription(new EmailSubscription(address));
  for (const alarm of alarms) {
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
  new Rule(scope, 'VantageAlarms', {
    eventBus: bus,
    description: 'Alarms of the vantages go to those who run the monitor',
    eventPattern: { ...alarmChanges, detail: { state: { value: ['ALARM', 'OK'] } } },
    targets: [new SnsTopic(topic, { message: alarmText(), deadLetterQueue: undelivered })],
  });
  return topic;
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

export interface CarryProps {
  readonly config: Config;
  readonly alarms: readonly Alarm[];
  readonly undelivered: IQueue;
}

/** Carries changes of a vantage's alarms to the home bus. CloudWatch puts them on the default bus by itself. */
export function carryAlarmsHome(scope: Construct, { config, alarms, undelivered }: CarryProps): void {
  const home = EventBus.fromEventBusArn(scope, 'HomeBus', arnsOf(config).bus(config.home));
  new Rule(scope, 'AlarmsGoHome', {
    description: 'Changes of the alarms of this vantage go to the home region',
    eventPattern: { ...alarmChanges, resources: alarms.map(({ alarmArn }) => alarmArn) },
    targets: [new BusTarget(home, { deadLetterQueue: undelivered })],
  });
}
