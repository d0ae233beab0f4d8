/** What round trips take in a month on AWS. */
import type { Config } from '../../config/config.ts';
import { GIGABYTES_PER_PROCESSOR, MEMORY, TRIP_RUN, type Usage } from './prices.ts';

/** Round trips, and from where they are sent. */
export interface TripFleet {
  /** Messages in a month. */
  readonly messages: number;
  readonly vantages: number;
  readonly mailboxes: number;
  /** Secrets with logins and keys. */
  readonly secrets: number;
}

const MONTH = 30 * 86_400_000;

/** Null if there is none. */
export function tripFleet({ roundTrips = [], policy }: Config): TripFleet | null {
  if (roundTrips.length === 0) return null;
  const secrets = roundTrips.flatMap(({ send, receive, key }) =>
    [key, receive.auth.password, ...(send.server.auth === undefined ? [] : [send.server.auth.password])].flatMap(
      (reference) => ('secret' in reference ? [reference.secret] : []),
    ),
  );
  return {
    messages: roundTrips.reduce((sum, { every, perDay }) => sum + Math.min(MONTH / every, 30 * perDay), 0),
    vantages: policy.vantages.length,
    mailboxes: new Set(roundTrips.map(({ receive: { host, port, auth } }) => `${host}:${port} ${auth.user}`)).size,
    secrets: new Set(secrets).size,
  };
}

export function tripUsage({ messages, vantages, mailboxes, secrets }: TripFleet): readonly Usage[] {
  const starts = vantages * (MONTH / 60_000);
  const { idle, waiting, work, writeUnits } = TRIP_RUN;
  const each = (waiting + work / (MEMORY.trips / GIGABYTES_PER_PROCESSOR)) / 1000;
  const seconds = starts * (idle / 1000) + messages * each;
  const started = `${vantages} vantages × ${(MONTH / 60_000).toLocaleString('en-US')} minutes`;
  return [
    { item: 'Scheduler, round trips', unit: 'invocation', quantity: starts, calculation: started },
    { item: 'Lambda, round trip requests', unit: 'request', quantity: starts, calculation: started },
    {
      item: 'Lambda, round trip time',
      unit: 'gigabyteSecond',
      quantity: seconds * MEMORY.trips,
      calculation: `(${starts.toLocaleString('en-US')} runs × ${idle} ms + ${Math.round(messages).toLocaleString('en-US')} messages × ${each.toFixed(1)} s) × ${MEMORY.trips} GB`,
    },
    {
      item: 'DynamoDB, round trip writes',
      unit: 'writeUnit',
      quantity: messages * writeUnits,
      calculation: `${Math.round(messages).toLocaleString('en-US')} messages × ${writeUnits} units`,
    },
    {
      item: 'DynamoDB, round trip reads',
      unit: 'readUnit',
      quantity: starts * mailboxes,
      calculation: `${starts.toLocaleString('en-US')} runs × ${mailboxes} mailboxes`,
    },
    {
      item: 'CloudWatch, round trip alarms',
      unit: 'alarmMetric',
      quantity: 2 * vantages,
      calculation: `2 × ${vantages} vantages`,
    },
    { item: 'Secrets Manager, round trips', unit: 'secret', quantity: secrets, calculation: `${secrets} secrets` },
    {
      item: 'Secrets Manager, reads for round trips',
      unit: 'secretRead',
      quantity: secrets * vantages * (MONTH / 3_600_000),
      calculation: `${secrets} secrets × ${vantages} vantages × ${MONTH / 3_600_000} hours`,
    },
  ];
}
