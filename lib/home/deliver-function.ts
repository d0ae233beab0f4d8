import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { awsChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import { isService } from '../../lambda/config/channel.ts';
import { channelsKey, deliveriesKey, verdictsKey } from '../../lambda/history/table/keys.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { scheduleFunction } from '../function/schedule.ts';
import { grantSecretReads } from '../iam/read-secrets.ts';
import { grant, itemsInPartitions, ownEvents } from '../iam/statements.ts';
import { namesOf } from '../naming/names.ts';
import { signatureSecrets } from '../quotas/quota-inputs.ts';
import { DELIVERY_TIMEOUT, deliveryQueue } from './delivery-queue.ts';
import type { NotifyParts } from './notify-function.ts';

/** If there is a function for services, the channels of this one; else all, also a service that was removed from the config. */
const OTHER_CHANNELS = { channel: [{ prefix: 'topic' }, { prefix: 'webhook:' }] };

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
    timeout: DELIVERY_TIMEOUT,
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
  deliveryQueue(scope, 'Deliveries', {
    function: deliver,
    queueName: namesOf(config).deliveries,
    ruleId: 'DeliveryDue',
    description: 'A channel has alerts to deliver',
    detail: config.notify.some(isService) ? OTHER_CHANNELS : undefined,
    channels: awsChannels(config).filter(({ kind }) => kind !== 'service').length,
    bus,
    undelivered,
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
