/** Counts records of bounces in the table: all that a source needs of the history. */
import { randomUUID } from 'node:crypto';
import { slotOf } from '../../bounces/counts.ts';
import type { BounceRecord } from '../../bounces/outcome.ts';
import { bouncesKey } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { type ReportUnreadable, readOrNull, reportOnce, unchangedSince } from '../table/unreadable.ts';
import { addRecords, emptySlot, slotItem, slotName, slotOfItem } from './bounce-slot.ts';

const HOUR = 3_600_000;
/** Milliseconds. What is older is not counted: its slot may be forgotten, and with it the ids that it had. */
const OLDEST = 26 * HOUR;
/** Milliseconds by which a clock of a mail server may be ahead. */
const AHEAD = HOUR;
const MOST_CONFLICTS = 20;

export interface RecordedBounces {
  readonly counted: number;
  /** Records that had been counted before. */
  readonly repeated: number;
  /** Records of a time too long ago, or of the future. */
  readonly late: number;
  /** Items that were written. */
  readonly writes: number;
}

export interface BounceRecorder {
  /**
   * Adds records to the slots of their times: one write for each slot, however many records there are. A record that arrives again
   * counts once, also if the first call failed halfway.
   * @param source `ses`, or the name of a log or mailbox: no `#`
   */
  record(source: string, records: readonly BounceRecord[]): Promise<RecordedBounces>;
}

export interface BounceRecorderOptions {
  /** Epoch milliseconds; the system's clock by default. */
  readonly now?: () => number;
  /** Called once for each item that was skipped because it cannot be read. */
  readonly reportUnreadable?: ReportUnreadable;
  /** Makes the id that tells one write from another; random by default. */
  readonly newId?: () => string;
}

export function openBounceRecorder(table: Table, options: BounceRecorderOptions = {}): BounceRecorder {
  const { now = Date.now, newId = () => randomUUID().slice(0, 8) } = options;
  const tell = reportOnce(options.reportUnreadable);

  const recordSlot = async (source: string, at: number, records: readonly BounceRecord[]): Promise<number> => {
    const sk = bouncesKey.slot(slotName(at), source);
    for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts += 1) {
      const item = await table.get(bouncesKey.pk, sk);
      const before = item === null ? null : readOrNull(item, slotOfItem, tell);
      const { slot, added } = addRecords(before ?? emptySlot(source, at), records);
      if (added === 0) return 0;
      const next = { ...slotItem(slot), written: newId() };
      const condition = item === null ? ({ absent: true } as const) : unchangedSince(item);
      if (await table.put(next, condition)) return added;
      if ((await table.get(next.pk, next.sk))?.written === next.written) return added;
    }
    throw new Error(`the slot ${sk} was changed by others ${MOST_CONFLICTS} times`);
  };

  return {
    async record(source, records) {
      const slots = bySlot(records, now());
      const counts: number[] = [];
      for (const [at, own] of slots) counts.push(await recordSlot(source, at, own));
      const taken = [...slots.values()].reduce((sum, own) => sum + own.length, 0);
      const counted = counts.reduce((sum, count) => sum + count, 0);
      const writes = counts.filter((count) => count > 0).length;
      return { counted, repeated: taken - counted, late: records.length - taken, writes };
    },
  };
}

/** Whether what happened at `at` is counted at `now`, epoch milliseconds. */
export function isInTime(at: number, now: number): boolean {
  return at >= now - OLDEST && at <= now + AHEAD;
}

/** Oldest first. */
function bySlot(records: readonly BounceRecord[], now: number): ReadonlyMap<number, readonly BounceRecord[]> {
  const slots = new Map<number, BounceRecord[]>();
  for (const record of records) {
    const [first] = record.outcomes;
    if (first === undefined || !isInTime(first.at, now)) continue;
    const slot = slotOf(first.at);
    const own = slots.get(slot);
    if (own === undefined) slots.set(slot, [record]);
    else own.push(record);
  }
  return new Map([...slots].sort(([a], [b]) => a - b));
}
