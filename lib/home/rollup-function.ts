import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { rollupKey, roundKey, targetKey } from '../../lambda/history/table/keys.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { scheduleFunction } from '../function/schedule.ts';
import { grant, itemsInPartitions } from '../iam/statements.ts';
import { namesOf } from '../naming/names.ts';
import type { HomeParts } from './judge-function.ts';

type RollupParts = Pick<HomeParts, 'config' | 'table' | 'undelivered' | 'logRetention'>;

/** The rollup: hourly, a few minutes past, when late rounds have come in. */
export function rollupFunction(
  scope: Construct,
  { config, table, undelivered, logRetention }: RollupParts,
): LambdaFunction {
  const rollup = handlerFunction(scope, 'Rollup', {
    handler: 'rollup',
    functionName: namesOf(config).rollup,
    description: 'Folds rounds into hours and days',
    config,
    environment: { vantage: config.home, home: config.home, table: table.tableName },
    timeout: Duration.minutes(15),
    memorySize: 512,
    logRetention,
    retryAttempts: 2,
    // The next one catches up.
    maxEventAge: Duration.minutes(30),
    undelivered,
  });
  const written = [targetKey.pk('*'), rollupKey.pk];
  rollup.addToRolePolicy(
    grant(['dynamodb:GetItem', 'dynamodb:Query'], [table.tableArn], itemsInPartitions(roundKey.pk('*'), ...written)),
  );
  rollup.addToRolePolicy(grant(['dynamodb:PutItem'], [table.tableArn], itemsInPartitions(...written)));
  scheduleFunction(scope, 'RollupSchedule', {
    target: rollup,
    expression: ScheduleExpression.cron({ minute: '7' }),
    description: 'Folds the last hours into the history of each target',
    retryAttempts: 2,
    undelivered,
  });
  return rollup;
}
