/** What the counting of bounces takes in a month on AWS. */
import type { Config } from '../../config/config.ts';
import { EVENTUAL_READ_SHARE, MEMORY, QUEUE_POLLS, type Usage } from './prices.ts';

/** Mail that is counted. */
export interface BounceFleet {
  /** Events of SES in a month; each message has one or two. Zero if SES is no source. */
  readonly events: number;
  readonly mailboxes: number;
  /** Secrets with the passwords of mailboxes. */
  readonly secrets: number;
}

/** A sender of 100,000 messages in a month, of which a few bounce. It is not known before they are counted. */
const ASSUMED_EVENTS = 105_000;

/** Null if there is no source on AWS. */
export function bounceFleet(config: Config): BounceFleet | null {
  const { ses = false, mailboxes = [] } = config.bounces ?? {};
  if (!ses && mailboxes.length === 0) return null;
  const secrets = mailboxes.flatMap(({ password }) => ('secret' in password ? [password.secret] : []));
  return { events: ses ? ASSUMED_EVENTS : 0, mailboxes: mailboxes.length, secrets: new Set(secrets).size };
}

const MINUTES = 30 * 24 * 60;
const HOURS = 30 * 24;
/** Runs that read mailboxes: each five minutes. Milliseconds of one: the session with the server. */
const MAILBOX = { runs: MINUTES / 5, milliseconds: 2_000 } as const;
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

export function bounceUsage(fleet: BounceFleet): readonly Usage[] {
  return [
    ...(fleet.events === 0 ? [] : eventUsage(fleet)),
    ...(fleet.mailboxes === 0 ? [] : bounceMailboxUsage(fleet)),
  ];
}

function eventUsage({ events }: BounceFleet): readonly Usage[] {
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

function bounceMailboxUsage({ events, mailboxes, secrets }: BounceFleet): readonly Usage[] {
  const { runs, milliseconds } = MAILBOX;
  const judge = events === 0 ? HOURS * JUDGE.passes * JUDGE.readUnits * EVENTUAL_READ_SHARE : 0;
  const started = `${runs.toLocaleString('en-US')} runs`;
  return [
    { item: 'Scheduler, bounce mailboxes', unit: 'invocation', quantity: runs, calculation: started },
    { item: 'Lambda, bounce mailbox requests', unit: 'request', quantity: runs, calculation: started },
    {
      item: 'Lambda, bounce mailbox time',
      unit: 'gigabyteSecond',
      quantity: (runs * milliseconds * MEMORY.bounceMailbox) / 1000,
      calculation: `${started} × ${milliseconds} ms × ${MEMORY.bounceMailbox} GB`,
    },
    {
      item: 'DynamoDB, bounce mailbox writes',
      unit: 'writeUnit',
      quantity: runs * mailboxes * 3,
      calculation: `at most 3 units in each of ${started} × ${mailboxes} mailboxes`,
    },
    {
      item: 'DynamoDB, bounce mailbox reads',
      unit: 'readUnit',
      quantity: runs * mailboxes * 2 + judge,
      calculation: `2 units in each of ${started} × ${mailboxes} mailboxes${events === 0 ? ' + passes of the judge' : ''}`,
    },
    {
      item: 'CloudWatch, bounce mailbox alarm',
      unit: 'alarmMetric',
      quantity: 2,
      calculation: '2 metrics of an alarm',
    },
    { item: 'Secrets Manager, bounce mailboxes', unit: 'secret', quantity: secrets, calculation: `${secrets} secrets` },
    {
      item: 'Secrets Manager, reads for bounce mailboxes',
      unit: 'secretRead',
      quantity: secrets * HOURS,
      calculation: `${secrets} secrets × ${HOURS} hours`,
    },
  ];
}
