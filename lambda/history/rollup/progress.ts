/** The progress of the rollup: one item, which also holds the lease of the rollup that runs. */

import { rollupKey } from '../table/keys.ts';
import type { Condition, Item, Table } from '../table/table.ts';
import {
  isCount,
  isDate,
  isFields,
  isHour,
  isListOf,
  isMapOf,
  isNumber,
  isText,
  isTextOrNull,
} from '../table/type-guards.ts';
import { must, type ReportUnreadable, readOrNull, unchangedSince } from '../table/unreadable.ts';

export interface RollupProgress {
  /** The last hour rolled up, `2026-11-22T04`; null before the first. */
  readonly through: string | null;
  /** Rounds and their parts of that hour by vantage, as they were then. If there are more later, the hour is rolled up again. */
  readonly rounds: Readonly<Record<string, number>>;
  /** Hours that were not rolled up before their rounds expired: the latest few. */
  readonly gaps: readonly Gap[];
  /** Days whose hours are rolled up and whose own items are not all written yet. */
  readonly days: readonly PendingDay[];
}

/** Hours from the first to the last, both included. */
export interface Gap {
  readonly from: string;
  readonly to: string;
}

export interface PendingDay {
  /** `2026-11-22` */
  readonly date: string;
  /** The last target that is written, in alphabetical order; null before the first. */
  readonly after: string | null;
}

interface StoredProgress extends RollupProgress {
  readonly version: number;
  readonly lease: { readonly by: string; readonly until: number } | null;
}

const maximumGaps = 20;
const noProgress: StoredProgress = { through: null, rounds: {}, gaps: [], days: [], version: 0, lease: null };

/** The right to roll up, until it is released or expires. */
export interface RollupLease {
  readonly progress: () => RollupProgress;
  /** Stores the progress and renews the lease. Throws if another rollup has taken the lease. */
  advance(progress: RollupProgress): Promise<void>;
  release(): Promise<void>;
}

export async function readRollupProgress(table: Table, tell: ReportUnreadable = () => {}): Promise<RollupProgress> {
  const { through, rounds, gaps, days } = (await readProgress(table, tell)).progress;
  return { through, rounds, gaps, days };
}

export interface LeaseRequest {
  readonly by: string;
  readonly now: () => number;
  readonly leaseMs: number;
  readonly tell: ReportUnreadable;
}

/** Null while another rollup holds the lease. */
export async function acquireRollupLease(
  table: Table,
  { by, now, leaseMs, tell }: LeaseRequest,
): Promise<RollupLease | null> {
  let { progress: current, condition } = await readProgress(table, tell);
  if (current.lease !== null && current.lease.by !== by && current.lease.until > now()) return null;

  const write = async (progress: RollupProgress, lease: StoredProgress['lease']): Promise<boolean> => {
    const gaps = progress.gaps.slice(-maximumGaps);
    const next: StoredProgress = { ...progress, gaps, version: current.version + 1, lease };
    if (!(await table.put({ ...next, pk: rollupKey.pk, sk: rollupKey.sk }, condition)) && !(await isOurs(table, next)))
      return false;
    current = next;
    condition = { version: next.version };
    return true;
  };
  const lease = () => ({ by, until: now() + leaseMs });

  if (!(await write(current, lease()))) return null;
  return {
    progress: () => current,
    async advance(progress) {
      if (!(await write(progress, lease())))
        throw new Error('another rollup has taken the lease: this one was too slow');
    },
    async release() {
      await write(current, null);
    },
  };
}

interface Found {
  readonly progress: StoredProgress;
  /** What must hold when it is written next. */
  readonly condition: Condition | undefined;
}

/** What cannot be read is begun anew, in its place: hours that were rolled up before come out the same. */
async function readProgress(table: Table, tell: ReportUnreadable): Promise<Found> {
  const item = await table.get(rollupKey.pk, rollupKey.sk);
  if (item === null) return { progress: noProgress, condition: { absent: true } };
  return { progress: readOrNull(item, progressOf, tell) ?? noProgress, condition: unchangedSince(item) };
}

/** @throws where it is none */
export function progressOf(item: Item): StoredProgress {
  const { through, rounds, gaps, days, version, lease } = { ...noProgress, ...item };
  must(through === null || isHour(through), 'the last hour');
  must(isMapOf(rounds, isCount), 'rounds');
  must(isListOf(gaps, isGap), 'gaps');
  must(isListOf(days, isPendingDay), 'days');
  must(isCount(version), 'version');
  must(lease === null || (isFields(lease) && isText(lease.by) && isNumber(lease.until)), 'lease');
  return { through, rounds, gaps, days, version, lease };
}

function isGap(value: unknown): value is Gap {
  return isFields(value) && isHour(value.from) && isHour(value.to);
}

function isPendingDay(value: unknown): value is PendingDay {
  return isFields(value) && isDate(value.date) && isTextOrNull(value.after);
}

/** Whether the stored progress is our own write, whose acknowledgement was lost. */
async function isOurs(table: Table, next: StoredProgress): Promise<boolean> {
  const { version, lease } = (await readProgress(table, () => {})).progress;
  return version === next.version && lease !== null && lease.by === next.lease?.by;
}
