/** The counts of bounces in the table: what the judge, the command line and reports use. */
import { type BounceCounts, type CountRow, mergeRows, SLOT } from '../../bounces/counts.ts';
import type { BounceVerdict, StoredBounceVerdict } from '../../consensus/bounces/bounce-verdict.ts';
import { bouncesKey, bounceVerdictsKey, endOfKeys } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { readable, readOrNull, reportOnce } from '../table/unreadable.ts';
import { writeVersion } from '../table/write-version.ts';
import { type BounceProgress, bounceProgressOf } from './bounce-progress.ts';
import { type BounceSlot, bounceHourItem, slotName, slotOfItem } from './bounce-slot.ts';
import { bounceVerdictOf, fitBounceVerdict } from './bounce-verdict-item.ts';
import { type BounceRecorder, type BounceRecorderOptions, openBounceRecorder } from './record-bounces.ts';

export interface BounceHistory extends BounceRecorder {
  /**
   * The counts of the last day, for sliding windows: in slots at both ends of it, in hours between.
   * @param rolledUp the hours before it, epoch milliseconds, are items of their own
   */
  lastDay(now: number, rolledUp: number): Promise<BounceCounts>;
  /** The counts of whole hours from `since` until `until`, which are epoch milliseconds, by hour and source. */
  hours(since: number, until: number): Promise<readonly BounceSlot[]>;
  /** All counts from `since` until `until`: whole hours, and slots of those that are not items of their own yet. */
  counts(since: number, until: number): Promise<BounceCounts>;
  /** Writes the hours of which slots are kept and that are over. Idempotent. Returns how many items were written. */
  rollUpHours(now: number): Promise<number>;
  verdicts(): Promise<readonly StoredBounceVerdict[]>;
  verdict(domain: string): Promise<StoredBounceVerdict | null>;
  /** Writes only if the stored version is still `expected` (0: there is none). False if another judge was first. */
  writeVerdict(verdict: BounceVerdict, expected: number): Promise<boolean>;
  progress(): Promise<BounceProgress | null>;
  writeProgress(progress: BounceProgress): Promise<void>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Milliseconds. Older slots get no further records. */
const CHANGING = 27 * HOUR;

export function openBounceHistory(table: Table, options: BounceRecorderOptions = {}): BounceHistory {
  const { newId = () => crypto.randomUUID().slice(0, 8) } = options;
  const tell = reportOnce(options.reportUnreadable);
  const read = async (from: string, to: string) =>
    readable(await table.query(bouncesKey.pk, { from, to }), slotOfItem, tell);
  const slots = (since: number, until: number) =>
    since >= until ? Promise.resolve([]) : read(bouncesKey.slot(slotName(since), ''), `slot#${slotName(until - 1)}~`);

  const history: BounceHistory = {
    ...openBounceRecorder(table, { ...options, newId, reportUnreadable: tell }),

    async lastDay(now, rolledUp) {
      const first = now - DAY - SLOT;
      const wholeFrom = hourStart(first + HOUR);
      const wholeUntil = Math.max(wholeFrom, Math.min(rolledUp, hourStart(now) - HOUR));
      const parts = await Promise.all([
        slots(first, wholeFrom),
        history.hours(wholeFrom, wholeUntil),
        slots(wholeUntil, now + 2 * HOUR),
      ]);
      return countsOf(parts.flat());
    },

    async hours(since, until) {
      if (since >= until) return [];
      return read(`hour#${slotName(since).slice(0, 13)}`, `hour#${slotName(until - 1).slice(0, 13)}~`);
    },

    async counts(since, until) {
      const rolledUp = (await history.progress())?.rolledUp ?? 0;
      const first = hourStart(since);
      const whole = Math.min(rolledUp, until);
      const parts = await Promise.all([history.hours(first, whole), slots(Math.max(first, whole), until)]);
      return countsOf(parts.flat());
    },

    async rollUpHours(now) {
      const [since, until] = [hourStart(now - CHANGING), hourStart(now)];
      const [kept, stored] = await Promise.all([slots(since, until), history.hours(since, until)]);
      const known = new Map(stored.map((one) => [keyOf(one), signature(one)]));
      const changed = hoursOf(kept).filter((one) => known.get(keyOf(one)) !== signature(one));
      for (const hour of changed) await table.put(bounceHourItem(hour));
      return changed.length;
    },

    async verdicts() {
      const range = { from: bounceVerdictsKey.first, to: endOfKeys, consistent: true };
      return readable(await table.query(bounceVerdictsKey.pk, range), bounceVerdictOf, tell);
    },

    async verdict(domain) {
      const item = await table.get(bounceVerdictsKey.pk, domain);
      return item === null ? null : readOrNull(item, bounceVerdictOf, tell);
    },

    async writeVerdict(verdict, expected) {
      const key = { pk: bounceVerdictsKey.pk, sk: verdict.domain };
      const item = { ...fitBounceVerdict(verdict), ...key, version: expected + 1, written: newId() };
      return writeVersion(table, item, expected, bounceVerdictOf);
    },

    async progress() {
      const item = await table.get(bounceVerdictsKey.pk, bounceVerdictsKey.progress);
      return item === null ? null : readOrNull(item, bounceProgressOf, tell);
    },

    async writeProgress(progress) {
      await table.put({ ...progress, pk: bounceVerdictsKey.pk, sk: bounceVerdictsKey.progress });
    },
  };
  return history;
}

export function hourStart(at: number): number {
  return at - (at % HOUR);
}

/** Adds up all sources. */
export function countsOf(slots: readonly BounceSlot[]): BounceCounts {
  const counts: BounceCounts = new Map();
  for (const { at, rows } of slots) counts.set(at, addedRows(counts.get(at) ?? new Map(), rows));
  return counts;
}

function addedRows(sums: Map<string, CountRow>, rows: ReadonlyMap<string, CountRow>): Map<string, CountRow> {
  for (const [key, row] of rows) sums.set(key, mergeRows(sums.get(key), row));
  return sums;
}

type Hour = Pick<BounceSlot, 'source' | 'at' | 'rows'>;

function hoursOf(slots: readonly BounceSlot[]): readonly Hour[] {
  const hours = new Map<string, Hour & { readonly rows: Map<string, CountRow> }>();
  for (const { source, at, rows } of slots) {
    const hour = { source, at: hourStart(at), rows: new Map<string, CountRow>() };
    const known = hours.get(keyOf(hour)) ?? hour;
    hours.set(keyOf(hour), known);
    addedRows(known.rows, rows);
  }
  return [...hours.values()];
}

function keyOf({ source, at }: Hour): string {
  return `${at} ${source}`;
}

/** As it is stored: an item may have less than the counts. */
function signature(hour: Hour): string {
  const { rows } = slotOfItem(bounceHourItem(hour));
  return JSON.stringify([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}
