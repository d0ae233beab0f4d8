import { Duration, Stack } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { allow } from './handler.ts';

const MINUTE = 60_000;

export interface InvocationProps {
  readonly target: IFunction;
  readonly expression: ScheduleExpression;
  readonly description: string;
  /** How often EventBridge tries again to start the function. */
  readonly retryAttempts: number;
  readonly undelivered: IQueue;
}

/** Starts a function on a schedule with `{ scheduled }`, the time it was due. */
export function invoke(scope: Construct, id: string, props: InvocationProps): Schedule {
  return new Schedule(scope, id, {
    description: props.description,
    schedule: props.expression,
    target: new LambdaInvoke(props.target, {
      // Without updates: CDK would grant every version of the function, too.
      role: invokerRole(scope, `${id}Role`, props).withoutPolicyUpdates(),
      input: ScheduleTargetInput.fromObject({ scheduled: ContextAttribute.scheduledTime }),
      retryAttempts: props.retryAttempts,
      maxEventAge: Duration.minutes(1),
      deadLetterQueue: props.undelivered,
    }),
  });
}

function invokerRole(scope: Construct, id: string, { target, undelivered }: InvocationProps): IRole & Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description: `Lets EventBridge Scheduler start ${target.node.id}`,
  });
  role.addToPolicy(allow(['lambda:InvokeFunction'], [target.functionArn]));
  role.addToPolicy(allow(['sqs:SendMessage'], [undelivered.queueArn]));
  return role;
}

/**
 * A round's schedule: on the minute in every region where the length divides the hour (or the day), so that the rounds
 * of all regions begin together; otherwise counted from the deployment.
 * @param every length of a round in milliseconds
 * @throws Error where it is no whole number of minutes, the least that EventBridge Scheduler knows
 */
export function roundSchedule(every: number): ScheduleExpression {
  if (every % MINUTE !== 0)
    throw new Error(`every: ${every / 1000}s works on one machine only; on AWS a round takes whole minutes`);
  const minutes = every / MINUTE;
  if (minutes < 60 && 60 % minutes === 0) return ScheduleExpression.cron({ minute: `*/${minutes}` });
  const hours = minutes / 60;
  if (Number.isInteger(hours) && 24 % hours === 0) return ScheduleExpression.cron({ minute: '0', hour: `*/${hours}` });
  return ScheduleExpression.rate(Duration.minutes(minutes));
}
