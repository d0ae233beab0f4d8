/** Checks that an item of an export file is one that docs/table.md describes. Returns the fault in words. */
import { bounceProgressOf } from './bounces/bounce-progress.ts';
import { slotOfItem } from './bounces/bounce-slot.ts';
import { bounceVerdictOf } from './bounces/bounce-verdict-item.ts';
import { readMessagesOf } from './bounces/read-messages.ts';
import { notificationOf } from './notifications/notification-item.ts';
import { readChapter } from './packing/chapter-items.ts';
import { incidentOf, judgementOf } from './packing/judgement-item.ts';
import { packedEntries, unpackSample } from './packing/round-packing.ts';
import { postureOf } from './posture/posture-item.ts';
import { postureProgressOf } from './posture/posture-progress.ts';
import { postureVerdictOf } from './posture/posture-verdict-item.ts';
import { watchOf } from './posture/posture-watch.ts';
import { samplesOfHour, summarizeItem } from './rollup/hour-and-day-items.ts';
import { progressOf } from './rollup/progress.ts';
import { storedStatementsOf } from './statements/statement-item.ts';
import { itemLimit, itemSize } from './table/item-size.ts';
import {
  bounceMailboxesKey,
  bouncesKey,
  bounceVerdictsKey,
  isRoundHead,
  mutesKey,
  notificationsKey,
  postureKey,
  postureVerdictsKey,
  postureWatchKey,
  rollupKey,
  roundKey,
  statementsKey,
  targetKey,
  tripKey,
  tripMailboxesKey,
  tripVerdictsKey,
  verdictsKey,
  windowsKey,
} from './table/keys.ts';
import type { Item } from './table/table.ts';
import { isDate, isFields, isListOf, isNumber, isRoundName, isText } from './table/type-guards.ts';
import { must } from './table/unreadable.ts';
import { mailboxStateOf } from './trips/mailbox-state.ts';
import { roundTripVerdictOf } from './trips/round-trip-verdict-item.ts';
import { tripOf } from './trips/trip-record.ts';
import { openPlannedOf } from './windows/in-force-item.ts';
import { muteOf } from './windows/mute-item.ts';
import { plannedTimeOf } from './windows/planned-time-item.ts';

/** Service quotas of DynamoDB: bytes of keys, and levels of nested values. */
const limits = { pk: 2048, sk: 1024, depth: 32 } as const;

/** Null where it is right. */
export function problemOf(item: Item): string | null {
  try {
    checkBounds(item);
    const check = checks.find(({ pk, sk }) => fits(item.pk, pk) && (sk === undefined || fits(item.sk, sk)));
    if (check === undefined) return 'has a key that this version does not know';
    check.read(item);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A prefix ends with `#`; anything else is the whole key. */
function fits(key: string, wanted: string): boolean {
  return wanted.endsWith('#') ? key.startsWith(wanted) : key === wanted;
}

function checkBounds(item: Item): void {
  must(Buffer.byteLength(item.pk) <= limits.pk && item.pk !== '', 'pk');
  must(Buffer.byteLength(item.sk) <= limits.sk && item.sk !== '', 'sk');
  must(item.ttl === undefined || isNumber(item.ttl), 'ttl');
  checkValue(item, limits.depth);
  if (itemSize(item) > itemLimit) throw new Error(`it is larger than ${itemLimit} bytes`);
}

function checkValue(value: unknown, depth: number): void {
  if (depth < 0) throw new Error(`it is nested deeper than ${limits.depth} levels`);
  if (typeof value === 'number') must(isNumber(value), 'a number');
  if (typeof value !== 'object' || value === null) return;
  must(!Object.hasOwn(value, '__proto__'), 'a name');
  for (const each of Object.values(value)) checkValue(each, depth - 1);
}

interface Check {
  /** The keys, or what they begin with. */
  readonly pk: string;
  readonly sk?: string;
  /** Throws where the item is none of these. */
  read(item: Item): unknown;
}

const checks: readonly Check[] = [
  { pk: roundKey.pk(''), read: checkRound },
  { pk: targetKey.pk(''), sk: targetKey.hour(''), read: (item) => [samplesOfHour(item), summarizeItem(item)] },
  { pk: targetKey.pk(''), sk: targetKey.day(''), read: summarizeItem },
  { pk: targetKey.pk(''), sk: targetKey.incident(''), read: checkIncident },
  { pk: targetKey.pk(''), sk: targetKey.chapters(''), read: readChapter },
  { pk: rollupKey.pk, sk: rollupKey.targets(''), read: checkTargets },
  { pk: rollupKey.pk, sk: rollupKey.sk, read: progressOf },
  { pk: verdictsKey, read: judgementOf },
  { pk: postureKey.pk(''), read: postureOf },
  { pk: postureVerdictsKey.pk, sk: postureVerdictsKey.progress, read: postureProgressOf },
  { pk: postureVerdictsKey.pk, read: postureVerdictOf },
  { pk: postureWatchKey.pk, read: watchOf },
  { pk: mutesKey.pk, sk: mutesKey.inForce, read: openPlannedOf },
  { pk: mutesKey.pk, read: muteOf },
  { pk: windowsKey.pk, read: plannedTimeOf },
  { pk: bouncesKey.pk, read: slotOfItem },
  { pk: bounceMailboxesKey, read: readMessagesOf },
  { pk: bounceVerdictsKey.pk, sk: bounceVerdictsKey.progress, read: bounceProgressOf },
  { pk: bounceVerdictsKey.pk, read: bounceVerdictOf },
  { pk: tripKey.pk(''), read: tripOf },
  { pk: tripMailboxesKey, read: mailboxStateOf },
  { pk: tripVerdictsKey, read: roundTripVerdictOf },
  { pk: notificationsKey, read: notificationOf },
  { pk: statementsKey.pk, read: storedStatementsOf },
];

/** A part is read as a head is, but for its name, in which its number follows that of the round. */
function checkRound(item: Item): void {
  const [round = '', ...part] = item.sk.split('#');
  must(isRoundName(round) && (isRoundHead(item.sk) || part.length === 2), 'the name of the round');
  const { parts: _parts, ...whole } = item;
  must(item.parts === undefined || isListOf(item.parts, isText), 'parts');
  const entries = packedEntries({ ...whole, pk: item.pk, sk: round }, () => undefined);
  for (const { packed, phases } of entries) unpackSample(packed, phases);
}

function checkIncident(item: Item): void {
  const { target, opened } = incidentOf(item);
  must(item.pk === targetKey.pk(target) && item.sk === targetKey.incident(opened), 'the key of the incident');
}

function checkTargets({ sk, targets }: Item): void {
  must(isDate(sk.slice(rollupKey.targets('').length)) && isListOf(targets, isText), 'the targets of a day');
}

/** Whether a value out of JSON has the keys of an item. */
export function isItem(value: unknown): value is Item {
  return isFields(value) && isText(value.pk) && isText(value.sk);
}
