import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { SES_EVENTS, SES_SOURCE } from '../../lambda/bounces/ses/event.ts';
import type { Config } from '../../lambda/config/config.ts';
import { bouncesKey } from '../../lambda/history/table/keys.ts';
import { eventQueue } from '../function/event-queue.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { grant, itemsInPartitions, ownEvents } from '../iam/statements.ts';
import { bounceAlarms } from '../monitoring/alarms.ts';
import { namesOf } from '../naming/names.ts';

export interface BounceParts {
  readonly config: Config;
  readonly table: TableV2;
  readonly bus: EventBus;
  readonly undelivered: Queue;
  readonly logRetention: RetentionDays;
}

const TIMEOUT = Duration.seconds(60);
/** Events are collected for this long, so that a batch is one write for each slot of five minutes. */
const WINDOW = Duration.seconds(60);
/** The handler counts events of the last 26 hours. */
const RETENTION = Duration.hours(24);

/** Counts the events of Amazon SES on the default bus of the account in this region. No alarms if the config does not name SES. */
export function watchBounces(scope: Construct, parts: BounceParts): readonly Alarm[] {
  const { config, undelivered } = parts;
  if (config.bounces?.ses !== true) return [];
  const bounces = bounceFunction(scope, parts);
  const queue = eventQueue(scope, 'BounceEvents', {
    target: bounces,
    queueName: namesOf(config).bounceEvents,
    timeout: TIMEOUT,
    window: WINDOW,
    batchSize: 1_000,
    retention: RETENTION,
    receives: 5,
    rule: {
      id: 'SesEvents',
      description: 'What became of mail that Amazon SES sent',
      eventPattern: { source: [SES_SOURCE], detailType: Object.keys(SES_EVENTS) },
      retryAttempts: 10,
      maxEventAge: Duration.hours(12),
    },
    undelivered,
  });
  return bounceAlarms(scope, config, { bounces, queue });
}

function bounceFunction(scope: Construct, { config, table, bus, logRetention }: BounceParts): LambdaFunction {
  const bounces = handlerFunction(scope, 'Bounces', {
    handler: 'bounce-watch',
    functionName: namesOf(config).bounces,
    description: 'Counts deliveries, bounces and complaints of Amazon SES, without addresses',
    config,
    environment: { vantage: config.home, home: config.home, table: table.tableName, bus: bus.eventBusName },
    timeout: TIMEOUT,
    memorySize: 256,
    logRetention,
    // The queue hands over a failed batch again.
    retryAttempts: 0,
    maxEventAge: Duration.minutes(5),
  });
  const own = itemsInPartitions(bouncesKey.pk);
  bounces.addToRolePolicy(grant(['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn], own));
  bounces.addToRolePolicy(grant(['events:PutEvents'], [bus.eventBusArn], ownEvents('Bounces Recorded')));
  return bounces;
}
