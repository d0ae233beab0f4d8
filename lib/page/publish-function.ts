import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type EventBus, Match } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { eventSource } from '../../lambda/aws/environment.ts';
import { MANIFEST_KEY, SITE_PREFIX } from '../../lambda/aws/page/site-keys.ts';
import type { Config } from '../../lambda/config/config.ts';
import {
  bounceVerdictsKey,
  channelsKey,
  deliveriesKey,
  mutesKey,
  notificationsKey,
  postureVerdictsKey,
  rollupKey,
  roundKey,
  statementsKey,
  targetKey,
  tripVerdictsKey,
  verdictsKey,
  windowsKey,
} from '../../lambda/history/table/keys.ts';
import { publishMegabytes } from '../../lambda/reports/cost/publish-memory.ts';
import { eventQueue } from '../function/event-queue.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { scheduleFunction } from '../function/schedule.ts';
import { grant, itemsInPartitions } from '../iam/statements.ts';
import { namesOf } from '../naming/names.ts';

export interface PublishParts {
  readonly config: Config;
  readonly table: TableV2;
  readonly bus: EventBus;
  readonly bucket: Bucket;
  /** Where readers find the page, without a slash at its end. */
  readonly url: string;
  readonly undelivered: Queue;
  readonly logRetention: RetentionDays;
}

/** The first publication of a container reads 90 days: of 1,000 targets that takes more than a minute. It may have to wait for another. */
const TIMEOUT = Duration.seconds(300);
/** Events are collected for this long: an outage of 300 targets is one publication, or few. */
const WINDOW = Duration.seconds(5);

/** Partitions that a snapshot is read from. */
const READ = [
  verdictsKey,
  roundKey.pk('*'),
  targetKey.pk('*'),
  rollupKey.pk,
  mutesKey.pk,
  windowsKey.pk,
  notificationsKey,
  channelsKey,
  deliveriesKey.pk('*'),
  statementsKey.pk,
  postureVerdictsKey.pk,
  tripVerdictsKey,
  bounceVerdictsKey.pk,
];

/**
 * Writes the page: when the verdict of a target has changed, and every five minutes, because windows, mutes, acknowledgements and
 * findings make no event. Once an hour, after the rollup, it writes all that has changed.
 */
export function publishFunction(scope: Construct, parts: PublishParts): LambdaFunction {
  const { undelivered } = parts;
  const publish = createFunction(scope, parts);
  wakeByVerdicts(scope, publish, parts);
  scheduleFunction(scope, 'PublishSchedule', {
    target: publish,
    // With minute 18, when the rollup has ended.
    expression: ScheduleExpression.cron({ minute: '3/5' }),
    description: 'Writes what has changed of the status page',
    retryAttempts: 0,
    undelivered,
  });
  return publish;
}

function createFunction(scope: Construct, parts: PublishParts): LambdaFunction {
  const { config, table, bucket, url, undelivered, logRetention } = parts;
  const publish = handlerFunction(scope, 'Publish', {
    handler: 'publish',
    functionName: namesOf(config).publish,
    description: 'Writes the status page',
    config,
    environment: {
      ...{ vantage: config.home, home: config.home, table: table.tableName },
      ...{ page: bucket.bucketName, pageUrl: `${url}/` },
    },
    timeout: TIMEOUT,
    memorySize: publishMegabytes(config.targets.length),
    logRetention,
    // The next schedule comes within five minutes.
    retryAttempts: 0,
    maxEventAge: Duration.minutes(5),
    undelivered,
  });
  const read = itemsInPartitions(...READ);
  publish.addToRolePolicy(grant(['dynamodb:GetItem', 'dynamodb:Query'], [table.tableArn], read));
  const site = bucket.arnForObjects(`${SITE_PREFIX}*`);
  publish.addToRolePolicy(grant(['s3:PutObject', 's3:DeleteObject'], [site]));
  Validations.of(publish.role ?? publish).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${Stack.of(scope).getLogicalId(bucket.node.defaultChild as CfnBucket)}.Arn>/${SITE_PREFIX}*]`,
    reason: 'Each target and incident has an object of its own; the bucket has nothing but the page',
  });
  publish.addToRolePolicy(grant(['s3:GetObject', 's3:PutObject'], [bucket.arnForObjects(MANIFEST_KEY)]));
  // Without it, an object that is not there is not told from one that must not be read.
  publish.addToRolePolicy(grant(['s3:ListBucket'], [bucket.bucketArn]));
  return publish;
}

function wakeByVerdicts(scope: Construct, publish: LambdaFunction, { config, bus, undelivered }: PublishParts): void {
  eventQueue(scope, 'PageEvents', {
    target: publish,
    queueName: namesOf(config).pageEvents,
    timeout: TIMEOUT,
    window: WINDOW,
    batchSize: 500,
    // A message only starts the function.
    retention: Duration.hours(1),
    receives: 3,
    rule: {
      id: 'VerdictChanged',
      description: 'The verdict of a target has changed: write the status page',
      eventPattern: { source: [eventSource], detailType: Match.prefix('Target ') },
      eventBus: bus,
      retryAttempts: 2,
      maxEventAge: Duration.minutes(5),
    },
    undelivered,
  });
}
