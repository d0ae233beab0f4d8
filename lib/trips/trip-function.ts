import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Config } from '../../lambda/config/config.ts';
import { tripKey, tripMailboxesKey, tripVerdictsKey } from '../../lambda/history/table/keys.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { roundSchedule, scheduleFunction } from '../function/schedule.ts';
import { grantSecretReads } from '../iam/read-secrets.ts';
import { grant, itemsInPartitions, ownEvents } from '../iam/statements.ts';
import { tripAlarm } from '../monitoring/alarms.ts';
import { arnsOf } from '../naming/arns.ts';
import { namesOf } from '../naming/names.ts';
import type { EgressNetwork } from '../network/egress-network.ts';
import { tripSecrets } from '../quotas/quota-inputs.ts';

export interface TripParts {
  readonly config: Config;
  /** The region of the stack. */
  readonly vantage: string;
  readonly undelivered: Queue;
  readonly logRetention: RetentionDays;
  /** That of the probe: a message through port 25 must leave where the port is open. */
  readonly way: EgressNetwork;
  /** ARNs of the KMS keys of your own under which the secrets are encrypted. */
  readonly secretKeys?: readonly string[];
}

const MINUTE = 60_000;

/** The function of one vantage, which sends in turn with the others. The alarm of it; null without round trips. */
export function scheduleTrips(scope: Construct, parts: TripParts): Alarm | null {
  const { config, vantage, undelivered } = parts;
  if (config.roundTrips === undefined) return null;
  const trips = tripFunction(scope, parts);
  scheduleFunction(scope, 'TripSchedule', {
    target: trips,
    expression: roundSchedule(MINUTE).expression,
    description: `Round trips, from ${vantage}`,
    // The next minute does what is left.
    retryAttempts: 0,
    undelivered,
  });
  return tripAlarm(scope, config, trips);
}

function tripFunction(scope: Construct, parts: TripParts): LambdaFunction {
  const { config, vantage, logRetention, way, secretKeys = [] } = parts;
  const [names, arns] = [namesOf(config), arnsOf(config)];
  const trips = handlerFunction(scope, 'Trips', {
    handler: 'trip-run',
    functionName: names.trips,
    description: `Sends messages and looks for them in mailboxes, from ${vantage}`,
    config,
    environment: { vantage, home: config.home, table: names.table, bus: names.bus, egress: way.name },
    // A session that sends, the wait for the message, and the writes.
    timeout: Duration.seconds(110),
    memorySize: 256,
    logRetention,
    retryAttempts: 0,
    maxEventAge: Duration.minutes(1),
    way,
  });
  const own = itemsInPartitions(tripKey.pk('*'), tripMailboxesKey, tripVerdictsKey);
  trips.addToRolePolicy(grant(['dynamodb:GetItem', 'dynamodb:PutItem'], [arns.table], own));
  trips.addToRolePolicy(grant(['events:PutEvents'], [arns.bus(config.home)], ownEvents('Trip Recorded')));
  grantSecretReads(trips, { secrets: tripSecrets(config), home: config.home, keys: secretKeys });
  return trips;
}
