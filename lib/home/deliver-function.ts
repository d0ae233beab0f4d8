import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { awsChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import { eventSource } from '../../lambda/aws/environment.ts';
import { isService } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { channelsKey, deliveriesKey, verdictsKey } from '../../lambda/history/table/keys.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { scheduleFunction } from '../function/schedule.ts';
import { grantSecretReads } from '../iam/read-secrets.ts';
import { grant, itemsInPartitions, ownEvents } from '../iam/statements.ts';
import { namesOf } from '../naming/names.ts';
import { signatureSecrets } from '../quotas/quota-inputs.ts';
import type { NotifyParts } from './notify-function.ts';

/** An invocation delivers for 45 s; its last attempt and the writes after it take up to 15 s. */
const TIMEOUT = Duration.seconds(60);
/** AWS asks for six times the function's timeout. */
const VISIBILITY = Duration.seconds(6 * TIMEOUT.toSeconds());

/**
 * Delivers alerts: the judge's event names a channel, the queue starts the function. What has to be delivered is in the
 * table, so a message that is lost or doubled changes nothing: the judge of the next minute wakes the channel again. Twice a day
 * a schedule starts it to check the subscriptions of the topic.
 */
export function deliverFunction(scope: Construct, parts: NotifyParts): LambdaFunction {
  const { config, table, bus, alerts, undelivered, logRetention, secretKeys } = parts;
  const deliver = handlerFunction(scope, 'Deliver', {
    handler: 'deliver',
    functionName: namesOf(config).deliver,
    description: 'Sends alerts to the topic and to webhooks, and tries again',
    config,
    environment: {
      vantage: config.home,
      home: config.home,
      table: table.tableName,
      topic: alerts.topicArn,
      bus: bus.eventBusName,
    },
    timeout: TIMEOUT,
    memorySize: 256,
    logRetention,
    // Of the check; messages of the queue have their own.
    retryAttempts: 2,
    maxEventAge: Duration.minutes(30),
    undelivered,
  });
  const own = itemsInPartitions(channelsKey, deliveriesKey.pk('*'));
  deliver.addToRolePolicy(grant(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'], [table.tableArn], own));
  deliver.addToRolePolicy(grant(['dynamodb:GetItem'], [table.tableArn], itemsInPartitions(verdictsKey)));
  deliver.addToRolePolicy(grant(['sns:Publish', 'sns:ListSubscriptionsByTopic'], [alerts.topicArn]));
  deliver.addToRolePolicy(grant(['events:PutEvents'], [bus.eventBusArn], ownEvents('Delivery Due')));
  grantSecretReads(deliver, { secrets: signatureSecrets(config), home: config.home, keys: secretKeys });
  const queue = new Queue(scope, 'Deliveries', {
    queueName: namesOf(config).deliveries,
    visibilityTimeout: VISIBILITY,
    // The table has what was to be delivered. A message only starts the function.
    retentionPeriod: Duration.hours(1),
    deadLetterQueue: { queue: undelivered, maxReceiveCount: 3 },
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  deliver.addEventSource(new SqsEventSource(queue, { batchSize: 1, maxConcurrency: concurrencyFor(parts) }));
  // By the policy of the queue, which names the rule, not by a role: docs/decisions/0014-targets-of-rules.md.
  new Rule(scope, 'DeliveryDue', {
    eventBus: bus,
    description: 'A channel has alerts to deliver',
    eventPattern: { source: [eventSource], detailType: ['Delivery Due'], ...exceptServices(config) },
    targets: [
      new SqsQueue(queue, { retryAttempts: 2, maxEventAge: Duration.minutes(5), deadLetterQueue: undelivered }),
    ],
  });
  scheduleFunction(scope, 'SubscriptionsSchedule', {
    target: deliver,
    // SNS deletes a suspended subscription after 48 hours.
    expression: ScheduleExpression.cron({ minute: '23', hour: '5/12' }),
    description: 'Checks whether the subscriptions of the config are confirmed',
    retryAttempts: 2,
    undelivered,
  });
  return deliver;
}

/** If there is a function for services, the channels of this one; else all, also a service that was removed from the config. */
function exceptServices({ notify }: Config): { readonly detail?: Record<string, unknown> } {
  return notify.some(isService) ? { detail: { channel: [{ prefix: 'topic' }, { prefix: 'webhook:' }] } } : {};
}

/** Each channel may wait for its receiver beside the others. SQS allows 2 or more. */
function concurrencyFor({ config }: NotifyParts): number {
  return Math.min(20, Math.max(2, awsChannels(config).filter(({ kind }) => kind !== 'service').length + 1));
}
