import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { isService, serviceKinds } from '../../lambda/config/channel.ts';
import { channelsKey, deliveriesKey, postedKey, verdictsKey } from '../../lambda/history/table/keys.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { grantSecretReads } from '../iam/read-secrets.ts';
import { grant, itemsInPartitions, ownEvents } from '../iam/statements.ts';
import { notifyAlarm } from '../monitoring/alarms.ts';
import { namesOf } from '../naming/names.ts';
import { serviceSecrets } from '../quotas/quota-inputs.ts';
import { DELIVERY_TIMEOUT, deliveryQueue } from './delivery-queue.ts';
import type { HomeParts } from './judge-function.ts';
import { grantCalls } from './phone-origins.ts';

export interface NotifyParts extends HomeParts {
  /** ARNs of the KMS keys of your own under which the secrets are encrypted. */
  readonly secretKeys: readonly string[];
}

/** The function, and its alarm. */
export interface Notify {
  readonly function: LambdaFunction;
  readonly alarm: Alarm;
}

/**
 * Sends to the services of the config, as `deliver` does to the topic and to webhooks: with a queue, a role and secrets of
 * its own. Null if the config names no service.
 */
export function notifyFunction(scope: Construct, parts: NotifyParts): Notify | null {
  const { config, bus, undelivered } = parts;
  if (!config.notify.some(isService)) return null;
  const notify = createFunction(scope, parts);
  deliveryQueue(scope, 'ServiceDeliveries', {
    function: notify,
    queueName: namesOf(config).serviceDeliveries,
    ruleId: 'ServiceDeliveryDue',
    description: 'A service has alerts to deliver',
    detail: { channel: serviceKinds.map((kind) => ({ prefix: `${kind}:` })) },
    channels: config.notify.filter(isService).length,
    bus,
    undelivered,
  });
  return { function: notify, alarm: notifyAlarm(scope, config, notify) };
}

function createFunction(scope: Construct, parts: NotifyParts): LambdaFunction {
  const { config, table, bus, undelivered, logRetention, secretKeys } = parts;
  const notify = handlerFunction(scope, 'Notify', {
    handler: 'notify',
    functionName: namesOf(config).notify,
    description: 'Sends alerts to services, and tries again',
    config,
    environment: { vantage: config.home, home: config.home, table: table.tableName, bus: bus.eventBusName },
    timeout: DELIVERY_TIMEOUT,
    memorySize: 256,
    logRetention,
    retryAttempts: 2,
    maxEventAge: Duration.minutes(30),
    undelivered,
  });
  const own = serviceKinds.map((kind) => deliveriesKey.pk(`${kind}:*`));
  const items = (action: string, ...keys: string[]) =>
    notify.addToRolePolicy(grant([`dynamodb:${action}`], [table.tableArn], itemsInPartitions(...keys)));
  items('GetItem', channelsKey, verdictsKey, postedKey.pk('*'));
  items('Query', ...own);
  // That a service does not take alerts is told on the other channels.
  items('PutItem', channelsKey, deliveriesKey.pk('*'), postedKey.pk('*'));
  notify.addToRolePolicy(grant(['events:PutEvents'], [bus.eventBusArn], ownEvents('Delivery Due')));
  grantSecretReads(notify, { secrets: serviceSecrets(config), home: config.home, keys: secretKeys });
  const topics = config.notify.flatMap((channel) => (channel.kind === 'amazon-q' ? [channel.topicArn] : []));
  if (topics.length > 0) notify.addToRolePolicy(grant(['sns:Publish'], [...new Set(topics)]));
  grantCalls(notify, config);
  return notify;
}
