/** What the counting of bounces takes in a month on AWS. */
import type { Config } from '../../config/config.ts';
import { EVENTUAL_READ_SHARE, MEMORY, QUEUE_POLLS, type Usage } from './prices.ts';

/** Mail that is counted. */
export interface BounceFleet {
  /** Events of SES in a month; each message has one or two. */
  readonly events: number;
}

/** A sender of 100,000 messages in a month, of which a few bounce. It is not known before they are counted. */
const ASSUMED_EVENTS = 105_000;

/** Null if SES is no source. */
export function bounceFleet(config: Config): BounceFleet | null {
  return config.bounces?.ses === true ? { events: ASSUMED_EVENTS } : null;
}

const MINUTES = 30 * 24 * 60;
const HOURS = 30 * 24;
/** Milliseconds of one batch: DNS of new domains, two calls of the table, an event. */
const BATCH_MS = 500;
/** Requests of one message in the queue: sent by EventBridge, received and deleted in batches of ten. */
const QUEUED = 1.2;
/**
 * Write units of a slot: 8 bytes for each event, and rows of a few hundred bytes. `npm run bench -- bounces` counted 27 units for 1,000
 * events at 200 a minute, and 1 unit for each write at 20 a minute, on 2026-11-26.
 */
const SLOT = { base: 1.5, perEvent: 8 / 1024 } as const;
/** Read units of one pass of the judge, and the passes of the schedule in an hour. */
const JUDGE = { readUnits: 30, passes: 12 } as const;

export function bounceUsage({ events }: BounceFleet): readonly Usage[] {
  const batches = Math.min(events, MINUTES);
  const inSlot = (events / MINUTES) * 5;
  const units = SLOT.base + inSlot * SLOT.perEvent;
  const reads = HOURS * JUDGE.passes * JUDGE.readUnits * EVENTUAL_READ_SHARE + batches * units;
  const text = (many: number) => Math.round(many).toLocaleString('en-US');
  return [
    {
      item: 'SQS, bounces',
      unit: 'queueRequest',
      quantity: QUEUE_POLLS + events * QUEUED,
      calculation: `${text(QUEUE_POLLS)} polls + ${QUEUED} × ${text(events)} events`,
    },
    {
      item: 'Lambda, bounces requests',
      unit: 'request',
      quantity: batches,
      calculation: `at most one batch a minute of ${text(events)} events`,
    },
    {
      item: 'Lambda, bounces time',
      unit: 'gigabyteSecond',
      quantity: (batches * BATCH_MS * MEMORY.bounces) / 1000,
      calculation: `${text(batches)} × ${BATCH_MS} ms × ${MEMORY.bounces} GB`,
    },
    {
      item: 'DynamoDB, bounces writes',
      unit: 'writeUnit',
      quantity: batches * units + HOURS * (JUDGE.passes + 3),
      calculation: `${text(batches)} batches × ${units.toFixed(1)} units + hours and notes of the judge`,
    },
    {
      item: 'DynamoDB, bounces reads',
      unit: 'readUnit',
      quantity: reads,
      calculation: `${text(HOURS * JUDGE.passes)} passes of the judge × ${JUDGE.readUnits} units + batches`,
    },
    { item: 'CloudWatch, bounces alarms', unit: 'alarmMetric', quantity: 2, calculation: '2 alarms' },
  ];
}
