import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Config } from '../../lambda/config/config.ts';
import { postureKey, postureWatchKey, roundKey, tripKey } from '../../lambda/history/table/keys.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { scheduleFunction } from '../function/schedule.ts';
import { grantSecretReads } from '../iam/read-secrets.ts';
import { grant, itemsInPartitions, ownEvents } from '../iam/statements.ts';
import { postureAlarm } from '../monitoring/alarms.ts';
import { arnsOf } from '../naming/arns.ts';
import { namesOf } from '../naming/names.ts';
import { listSecrets, watchesPosture } from '../quotas/quota-inputs.ts';

export interface PostureParts {
  readonly config: Config;
  /** The region of the stack. */
  readonly vantage: string;
  readonly undelivered: Queue;
  readonly logRetention: RetentionDays;
  /** ARNs of the KMS keys of your own under which keys of lists are encrypted. */
  readonly secretKeys?: readonly string[];
}

/** The alarm of the function; null if posture is not watched from this region. */
export function schedulePosture(scope: Construct, parts: PostureParts): Alarm | null {
  const { config, vantage, undelivered } = parts;
  if (!watchesPosture(config, vantage)) return null;
  const posture = postureFunction(scope, parts);
  scheduleFunction(scope, 'PostureSchedule', {
    target: posture,
    ...postureSchedule(),
    description: `The posture of the domains, from ${vantage}`,
    // The next run looks at everything again.
    retryAttempts: 0,
    undelivered,
  });
  return postureAlarm(scope, config, posture, vantage === config.home ? 'posture-silent' : 'second-posture-silent');
}

/**
 * Each quarter of an hour, at a moment of EventBridge's choice within ten minutes, so that lists are not asked by everybody
 * on the minute. It ends within the quarter that it was due in: the handler tells by it what is to be looked at.
 */
function postureSchedule() {
  return {
    expression: ScheduleExpression.cron({ minute: '2/15' }),
    timeWindow: TimeWindow.flexible(Duration.minutes(10)),
  };
}

function postureFunction(scope: Construct, parts: PostureParts): LambdaFunction {
  const { config, vantage, logRetention, secretKeys = [] } = parts;
  const [names, arns] = [namesOf(config), arnsOf(config)];
  const posture = handlerFunction(scope, 'Posture', {
    handler: 'posture-watch',
    functionName: vantage === config.home ? names.posture : names.secondPosture,
    description: `Looks up what the world holds of the domains, from ${vantage}`,
    config,
    environment: { vantage, home: config.home, table: names.table, bus: names.bus },
    timeout: Duration.minutes(5),
    memorySize: 256,
    logRetention,
    retryAttempts: 0,
    maxEventAge: Duration.minutes(5),
  });
  const table = [arns.table];
  const own = itemsInPartitions(postureKey.pk('*'), postureWatchKey.pk);
  posture.addToRolePolicy(grant(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'], table, own));
  // What the sessions of a probe were served, and what round trips have shown.
  const others = itemsInPartitions(roundKey.pk('*'), tripKey.pk('*'));
  posture.addToRolePolicy(grant(['dynamodb:Query'], table, others));
  posture.addToRolePolicy(grant(['events:PutEvents'], [arns.bus(config.home)], ownEvents('Posture Recorded')));
  grantSecretReads(posture, { secrets: listSecrets(config), home: config.home, keys: secretKeys });
  return posture;
}
