import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { needsAnswers, secretsOfAnswers } from '../../lambda/config/answers/answer-secrets.ts';
import type { Config } from '../../lambda/config/config.ts';
import {
  bounceVerdictsKey,
  drillsKey,
  mutesKey,
  notificationsKey,
  postureVerdictsKey,
  tripVerdictsKey,
  verdictsKey,
} from '../../lambda/history/table/keys.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { grantSecretReads } from '../iam/read-secrets.ts';
import { grant, itemsInPartitions } from '../iam/statements.ts';
import { answerAlarms } from '../monitoring/alarms.ts';
import { namesOf } from '../naming/names.ts';
import { takesAnswers } from '../quotas/quota-inputs.ts';

export interface AnswerParts {
  readonly config: Config;
  readonly table: TableV2;
  readonly logRetention: RetentionDays;
  readonly secretKeys: readonly string[];
}

/** Requests at once: it bounds what an attack costs. docs/acknowledge.md has the sum. */
const ANSWERS_AT_ONCE = 3;

/** A request is answered within 3 s; the first one of a container also waits for its start. */
const TIMEOUT = Duration.seconds(10);

/** The verdicts that have incidents, and mutes. */
const PARTITIONS = [
  verdictsKey,
  postureVerdictsKey.pk,
  tripVerdictsKey,
  bounceVerdictsKey.pk,
  drillsKey.pk,
  mutesKey.pk,
];

/**
 * Takes acknowledgements at a function URL, which anybody may call: each route checks a signature of its own. The custom action
 * of Amazon Q calls the function itself, as IAM permits. Made only if a channel or the config needs it. No alarms if it is not
 * made.
 */
export function takeAnswers(scope: Construct, parts: AnswerParts): readonly Alarm[] {
  const { config, table, logRetention, secretKeys } = parts;
  if (!takesAnswers(config)) return [];
  const answer = handlerFunction(scope, 'Answer', {
    handler: 'answer',
    functionName: namesOf(config).answer,
    description: 'Acknowledges incidents: buttons of Slack, PagerDuty, links',
    config,
    environment: { home: config.home, table: table.tableName },
    timeout: TIMEOUT,
    memorySize: 256,
    logRetention,
    retryAttempts: 0,
    maxEventAge: Duration.minutes(1),
    atOnce: ANSWERS_AT_ONCE,
  });
  const own = itemsInPartitions(...PARTITIONS);
  answer.addToRolePolicy(grant(['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn], own));
  // Only to find the incident of a key of PagerDuty that is a hash.
  answer.addToRolePolicy(grant(['dynamodb:Query'], [table.tableArn], itemsInPartitions(notificationsKey)));
  grantSecretReads(answer, { secrets: secretsOfAnswers(config), home: config.home, keys: secretKeys });
  if (!needsAnswers(config)) return answerAlarms(scope, config, answer);
  const { url } = answer.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  new CfnOutput(Stack.of(scope), 'AnswersUrl', {
    value: url,
    description: 'Slack: add `slack` for its Request URL; PagerDuty: add `pagerduty` for its webhook',
  });
  return answerAlarms(scope, config, answer);
}
