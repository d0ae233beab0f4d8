import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { eventSource } from '../../lambda/aws/environment.ts';
import type { Config } from '../../lambda/config/config.ts';
import {
  bouncesKey,
  bounceVerdictsKey,
  channelsKey,
  deliveriesKey,
  drillsKey,
  mutesKey,
  notificationsKey,
  postureKey,
  postureVerdictsKey,
  postureWatchKey,
  roundKey,
  targetKey,
  tripVerdictsKey,
  verdictsKey,
  windowsKey,
} from '../../lambda/history/table/keys.ts';
import { judgeMegabytes } from '../../lambda/reports/cost/judge-memory.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { roundSchedule, scheduleFunction } from '../function/schedule.ts';
import { grant, itemsInPartitions, ownEvents } from '../iam/statements.ts';
import { namesOf } from '../naming/names.ts';
import { grantOpinionRequests } from '../probe/second-opinion-rule.ts';

/** What the functions of the home region work on. */
export interface HomeParts {
  readonly config: Config;
  readonly table: TableV2;
  readonly bus: EventBus;
  readonly alerts: Topic;
  readonly undelivered: Queue;
  readonly logRetention: RetentionDays;
}

/** The judge: every round on a schedule, and at once when a vantage recorded a round with news in it. */
export function judgeFunction(scope: Construct, parts: HomeParts): LambdaFunction {
  const { config, table, bus, undelivered, logRetention } = parts;
  const judge = handlerFunction(scope, 'Judge', {
    handler: 'judge',
    functionName: namesOf(config).judge,
    description: 'Compares what the vantages saw; sends alerts if a quorum agrees',
    config,
    environment: {
      vantage: config.home,
      home: config.home,
      table: table.tableName,
      bus: bus.eventBusName,
      ...(config.policy.secondOpinion ? { opinions: namesOf(config).opinions } : {}),
    },
    timeout: Duration.seconds(50),
    memorySize: judgeMegabytes(config.targets.length),
    logRetention,
    // A judge that failed is run again; one that starts minutes late would find the work done by the next.
    retryAttempts: 2,
    maxEventAge: Duration.minutes(5),
    undelivered,
  });
  judge.addToRolePolicy(
    grant(
      ['dynamodb:GetItem', 'dynamodb:Query'],
      [table.tableArn],
      itemsInPartitions(
        verdictsKey,
        channelsKey,
        roundKey.pk('*'),
        postureKey.pk('*'),
        postureWatchKey.pk,
        postureVerdictsKey.pk,
        tripVerdictsKey,
        bouncesKey.pk,
        bounceVerdictsKey.pk,
        notificationsKey,
        mutesKey.pk,
        windowsKey.pk,
        drillsKey.pk,
        // Whether a drill was delivered.
        ...(config.drill === undefined ? [] : [deliveriesKey.pk('*')]),
      ),
    ),
  );
  judge.addToRolePolicy(
    grant(
      ['dynamodb:PutItem'],
      [table.tableArn],
      itemsInPartitions(
        verdictsKey,
        channelsKey,
        targetKey.pk('*'),
        deliveriesKey.pk('*'),
        postureVerdictsKey.pk,
        tripVerdictsKey,
        bouncesKey.pk,
        bounceVerdictsKey.pk,
        notificationsKey,
        mutesKey.pk,
        windowsKey.pk,
        drillsKey.pk,
      ),
    ),
  );
  judge.addToRolePolicy(grant(['events:PutEvents'], [bus.eventBusArn], ownEvents('Target *', 'Delivery Due')));
  grantOpinionRequests(scope, judge.role as Role, config);
  wakeJudge(scope, judge, parts);
  return judge;
}

function wakeJudge(scope: Construct, judge: LambdaFunction, { config, bus, undelivered }: HomeParts): void {
  scheduleFunction(scope, 'JudgeSchedule', {
    target: judge,
    expression: roundSchedule(config.policy.every).expression,
    description: 'Judges every round, also if no vantage reported anything',
    retryAttempts: 2,
    undelivered,
  });
  // By a permission of the function, which names the rule, not by a role: docs/decisions/0014-targets-of-rules.md.
  new Rule(scope, 'RoundRecorded', {
    eventBus: bus,
    description: 'There is news in a round, in a posture, in bounces or in round trips: judge at once',
    eventPattern: {
      source: [eventSource],
      detailType: ['Round Recorded', 'Posture Recorded', 'Bounces Recorded', 'Trip Recorded'],
    },
    targets: [
      new LambdaTarget(judge, { retryAttempts: 2, maxEventAge: Duration.minutes(5), deadLetterQueue: undelivered }),
    ],
  });
}
