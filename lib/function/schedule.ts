import { Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  type TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke, SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { grant } from '../iam/statements.ts';
import { undeliveredQueue } from './undelivered-queue.ts';

const MINUTE = 60_000;

/** When rounds begin: a schedule, which knows whole minutes, and what is waited after it. */
export interface RoundSchedule {
  readonly expression: ScheduleExpression;
  readonly delay: Duration;
}

/**
 * A round's schedule: on the minute in every region where the length divides the hour (or the day), so that the rounds
 * of all regions bear the same times; otherwise counted from the deployment, and then nothing is to be staggered.
 * @param every length of a round, whole minutes in milliseconds: EventBridge Scheduler knows no less
 * @param behind how much later than others this one begins its round, milliseconds less than `every`
 */
export function roundSchedule(every: number, behind = 0): RoundSchedule {
  const minutes = every / MINUTE;
  const late = Math.floor(behind / MINUTE);
  const delay = Duration.seconds(Math.floor((behind % MINUTE) / 1000));
  if (minutes < 60 && 60 % minutes === 0) {
    return { expression: ScheduleExpression.cron({ minute: step(late, minutes) }), delay };
  }
  const hours = minutes / 60;
  if (Number.isInteger(hours) && 24 % hours === 0) {
    const hour = step(Math.floor(late / 60), hours);
    return { expression: ScheduleExpression.cron({ minute: String(late % 60), hour }), delay };
  }
  return { expression: ScheduleExpression.rate(Duration.minutes(minutes)), delay: Duration.seconds(0) };
}

/** Every fifth, or every fifth from the second on: `2/5`. */
function step(from: number, each: number): string {
  return `${from === 0 ? '*' : from}/${each}`;
}

export interface ScheduleFunctionProps {
  readonly target: LambdaFunction;
  readonly expression: ScheduleExpression;
  /**
   * How long after the scheduled time.
   *
   * @default - at once
   */
  readonly delay?: Duration;
  /**
   * Within which time EventBridge starts it, at a moment of its choice.
   *
   * @default - on the minute
   */
  readonly timeWindow?: TimeWindow;
  readonly description: string;
  /** How often EventBridge tries again to start the function. */
  readonly retryAttempts: number;
  readonly undelivered: IQueue;
}

/** Starts a function on a schedule with `{ scheduled }`, the time it was due. */
export function scheduleFunction(scope: Construct, id: string, props: ScheduleFunctionProps): Schedule {
  const delayed = props.delay !== undefined && props.delay.toSeconds() > 0;
  const queue = delayed ? delayingQueue(scope, `${id}Delay`, props) : undefined;
  const target = {
    // Without updates: CDK would grant every version of the function, too.
    role: starterRole(scope, `${id}Role`, props, queue).withoutPolicyUpdates(),
    input: ScheduleTargetInput.fromObject({ scheduled: ContextAttribute.scheduledTime }),
    retryAttempts: props.retryAttempts,
    maxEventAge: Duration.minutes(1),
    deadLetterQueue: props.undelivered,
  };
  return new Schedule(scope, id, {
    description: props.description,
    schedule: props.expression,
    ...(props.timeWindow ? { timeWindow: props.timeWindow } : {}),
    target: queue ? new SqsSendMessage(queue, target) : new LambdaInvoke(props.target, target),
  });
}

/** Holds each start back for a while: cheaper than a function that is billed for sleeping. */
function delayingQueue(scope: Construct, id: string, { target, delay }: ScheduleFunctionProps): Queue {
  const queue = new Queue(scope, id, {
    deliveryDelay: delay ?? Duration.seconds(0),
    // A round that waited longer is over.
    retentionPeriod: Duration.minutes(2),
    // AWS asks for no less than the function's timeout.
    visibilityTimeout: target.timeout ?? Duration.minutes(1),
    // A round that failed is not run again. Apart from what could not be started: `probe-errors` tells of these.
    deadLetterQueue: { queue: undeliveredQueue(scope, `${id}Failed`), maxReceiveCount: 1 },
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  target.addEventSource(new SqsEventSource(queue, { batchSize: 1, maxConcurrency: 2 }));
  return queue;
}

function starterRole(
  scope: Construct,
  id: string,
  { target, undelivered }: ScheduleFunctionProps,
  queue?: IQueue,
): Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description: `Lets EventBridge Scheduler start ${target.node.id}`,
  });
  if (!queue) role.addToPolicy(grant(['lambda:InvokeFunction'], [target.functionArn]));
  role.addToPolicy(
    grant(
      ['sqs:SendMessage'],
      [queue, undelivered].flatMap((to) => to?.queueArn ?? []),
    ),
  );
  return role;
}
