import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { bounceMailboxesKey, bouncesKey } from '../../lambda/history/table/keys.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { roundSchedule, scheduleFunction } from '../function/schedule.ts';
import { grantSecretReads } from '../iam/read-secrets.ts';
import { grant, itemsInPartitions, ownEvents } from '../iam/statements.ts';
import { bounceMailboxAlarm } from '../monitoring/alarms.ts';
import { namesOf } from '../naming/names.ts';
import { bounceMailboxSecrets, readsBounceMailboxes } from '../quotas/quota-inputs.ts';
import type { BounceParts } from './bounce-function.ts';

export interface BounceMailboxParts extends BounceParts {
  /** ARNs of the KMS keys of your own under which the passwords are encrypted. */
  readonly secretKeys: readonly string[];
}

/** Milliseconds between two runs. */
const EVERY = 5 * 60_000;

/** A function of its own: the one that counts events of SES reads no secret. No alarm if the config has no bounce mailbox. */
export function scheduleBounceMailboxes(scope: Construct, parts: BounceMailboxParts): Alarm | null {
  const { config, undelivered } = parts;
  if (!readsBounceMailboxes(config)) return null;
  const reader = bounceMailboxFunction(scope, parts);
  scheduleFunction(scope, 'BounceMailboxSchedule', {
    target: reader,
    expression: roundSchedule(EVERY).expression,
    description: 'Reads bounce mailboxes',
    // The next run reads what is left.
    retryAttempts: 0,
    undelivered,
  });
  return bounceMailboxAlarm(scope, config, reader);
}

function bounceMailboxFunction(
  scope: Construct,
  { config, table, bus, logRetention, secretKeys }: BounceMailboxParts,
): LambdaFunction {
  const reader = handlerFunction(scope, 'BounceMailbox', {
    handler: 'bounce-mailbox',
    functionName: namesOf(config).bounceMailbox,
    description: 'Counts the reports in bounce mailboxes, without addresses',
    config,
    environment: { vantage: config.home, home: config.home, table: table.tableName, bus: bus.eventBusName },
    // It ends before the next run.
    timeout: Duration.minutes(4),
    // Reports of several mailboxes are in memory at once.
    memorySize: 512,
    logRetention,
    retryAttempts: 0,
    maxEventAge: Duration.minutes(5),
  });
  const own = itemsInPartitions(bouncesKey.pk, bounceMailboxesKey);
  reader.addToRolePolicy(grant(['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn], own));
  reader.addToRolePolicy(grant(['events:PutEvents'], [bus.eventBusArn], ownEvents('Bounces Recorded')));
  grantSecretReads(reader, { secrets: bounceMailboxSecrets(config), home: config.home, keys: secretKeys });
  return reader;
}
