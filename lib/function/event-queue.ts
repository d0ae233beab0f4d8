import { Duration } from 'aws-cdk-lib';
import { type EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Events that a function gets in batches. */
export interface EventQueueProps {
  readonly target: LambdaFunction;
  readonly queueName: string;
  /** Of the function. */
  readonly timeout: Duration;
  /** Events are collected for this long. */
  readonly window: Duration;
  /** Events of one invocation, which takes 6 MB; an event has a few kilobytes. */
  readonly batchSize: number;
  readonly retention: Duration;
  /** Times that the function is handed an event which it fails with. */
  readonly receives: number;
  readonly rule: {
    readonly id: string;
    readonly description: string;
    readonly eventPattern: EventPattern;
    /** Without it, that of the account. */
    readonly eventBus?: EventBus;
    readonly retryAttempts: number;
    readonly maxEventAge: Duration;
  };
  readonly undelivered: Queue;
}

/** A rule that puts events into a queue, of which the function is given batches. */
export function eventQueue(scope: Construct, id: string, props: EventQueueProps): Queue {
  const { target, batchSize, window, undelivered } = props;
  const { retryAttempts, maxEventAge, id: ruleId, ...rule } = props.rule;
  const queue = new Queue(scope, id, {
    queueName: props.queueName,
    // AWS asks for six times the function's timeout, and the window.
    visibilityTimeout: Duration.seconds(6 * props.timeout.toSeconds() + window.toSeconds()),
    retentionPeriod: props.retention,
    deadLetterQueue: { queue: undelivered, maxReceiveCount: props.receives },
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  // The fewest that SQS allows at once: such functions have to wait for each other.
  target.addEventSource(new SqsEventSource(queue, { batchSize, maxBatchingWindow: window, maxConcurrency: 2 }));
  // By the policy of the queue, which names the rule, not by a role: docs/decisions/0014-targets-of-rules.md.
  const targets = [new SqsQueue(queue, { retryAttempts, maxEventAge, deadLetterQueue: undelivered })];
  new Rule(scope, ruleId, { ...rule, targets });
  return queue;
}
