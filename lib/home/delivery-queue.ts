import { Duration } from 'aws-cdk-lib';
import { type EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { eventSource } from '../../lambda/aws/environment.ts';

/** An invocation delivers for 45 s; its last attempt and the writes after it take up to 15 s. */
export const DELIVERY_TIMEOUT = Duration.seconds(60);
/** AWS asks for six times the function's timeout. */
const VISIBILITY = Duration.seconds(6 * DELIVERY_TIMEOUT.toSeconds());

export interface DeliveryQueueProps {
  readonly function: LambdaFunction;
  readonly queueName: string;
  readonly ruleId: string;
  readonly description: string;
  /** What the channel of a due delivery is; undefined: any. */
  readonly detail: EventPattern['detail'];
  /** Each of them may wait for its receiver beside the others. */
  readonly channels: number;
  readonly bus: EventBus;
  readonly undelivered: IQueue;
}

/** The judge's event names a channel, the queue starts the function. */
export function deliveryQueue(scope: Construct, id: string, props: DeliveryQueueProps): void {
  const { bus, undelivered, detail } = props;
  const queue = new Queue(scope, id, {
    queueName: props.queueName,
    visibilityTimeout: VISIBILITY,
    // The table has what was to be delivered. A message only starts the function.
    retentionPeriod: Duration.hours(1),
    deadLetterQueue: { queue: undelivered, maxReceiveCount: 3 },
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  props.function.addEventSource(
    // SQS allows a concurrency of 2 or more.
    new SqsEventSource(queue, { batchSize: 1, maxConcurrency: Math.min(20, Math.max(2, props.channels + 1)) }),
  );
  // By the policy of the queue, which names the rule, not by a role: docs/decisions/0014-targets-of-rules.md.
  new Rule(scope, props.ruleId, {
    eventBus: bus,
    description: props.description,
    eventPattern: {
      source: [eventSource],
      detailType: ['Delivery Due'],
      ...(detail === undefined ? {} : { detail }),
    },
    targets: [
      new SqsQueue(queue, { retryAttempts: 2, maxEventAge: Duration.minutes(5), deadLetterQueue: undelivered }),
    ],
  });
}
