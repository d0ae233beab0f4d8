/** The archive of a table: rolls up rounds into hours and days, and reads them. */

import type { VantageSample } from '../packing/recorded-round.ts';
import { unpackSample } from '../packing/round-packing.ts';
import { endOfKeys, targetKey } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { type ReportUnreadable, readable } from '../table/unreadable.ts';
import { catchUp, type RollupReport } from './catch-up.ts';
import { samplesOfHour, summarizeItem, type TargetSummary } from './hour-and-day-items.ts';
import { dayOf, hourOf, nextHour, startOfHour } from './hour-and-day-names.ts';
import { acquireRollupLease, type Gap, readRollupProgress } from './progress.ts';
import { openRollup, readPackedRounds } from './roll-up-hours-and-days.ts';

export interface Archive {
  /** Rolls up every hour that has ended since the last run, and the last one again if late rounds arrived. Idempotent. */
  rollUp(work: RollupRequest): Promise<RollupReport>;
  /**
   * Samples of a target from `since` to `until` (ISO UTC, both included), oldest first. Rolled-up samples have no
   * transcripts.
   */
  samples(
    target: string,
    vantages: readonly string[],
    since: string,
    until?: string,
  ): Promise<readonly VantageSample[]>;
  /** The rolled-up hours of a target, oldest first. */
  hours(target: string, since: string, until?: string): Promise<readonly TargetSummary[]>;
  /** The rolled-up days of a target, oldest first. */
  days(target: string, since: string, until?: string): Promise<readonly TargetSummary[]>;
  /** Hours that were not rolled up before their rounds expired: the latest few such gaps, oldest first. */
  gaps(): Promise<readonly Gap[]>;
}

export interface RollupRequest {
  readonly vantages: readonly string[];
  /** Distinguishes this rollup from another that runs at the same time. */
  readonly by: string;
  /** Epoch ms after which no further hour is started. The next run continues from there. */
  readonly deadline: number;
}

export interface ArchiveOptions {
  readonly now: () => number;
  readonly roundDays: number;
  /** Days that hours are kept; 13 months by default. */
  readonly hourDays?: number;
  /** Called for each item that cannot be read and is skipped. */
  readonly tell?: ReportUnreadable;
}

/** Longer than a Lambda function can run: if a lease expires, its holder has ended. */
const leaseMs = 16 * 60_000;

export function openArchive(table: Table, options: ArchiveOptions): Archive {
  const { now, roundDays, hourDays = 396, tell = () => {} } = options;
  const rollup = openRollup(table, { hourDays, tell });

  return {
    async rollUp({ vantages, by, deadline }) {
      const lease = await acquireRollupLease(table, { by, now, leaseMs, tell });
      if (lease === null) return { ended: 'busy', hours: [], written: 0, gaps: [] };
      try {
        return await catchUp(rollup, lease, { vantages, deadline, now, roundDays });
      } finally {
        await lease.release();
      }
    },

    async samples(target, vantages, since, until = endOfKeys) {
      const { through } = await readRollupProgress(table, tell);
      const unrolled = through === null ? '' : startOfHour(nextHour(through));
      const rolled = since >= unrolled ? [] : await rolledSamples(table, target, { since, until }, tell);
      const from = [since, unrolled].sort()[1] ?? since;
      const recent = await Promise.all(
        vantages.map((vantage) => recentSamples(table, target, { vantage, since: from, until }, tell)),
      );
      const archived = rolled.filter(({ vantage, round }) => vantages.includes(vantage) && round < unrolled);
      return [...archived, ...recent.flat()].sort(byRound);
    },

    async hours(target, since, until = endOfKeys) {
      const range = { from: targetKey.hour(hourOf(since)), to: targetKey.hour(until) };
      return readable(await table.query(targetKey.pk(target), range), summarizeItem, tell);
    },

    async days(target, since, until = endOfKeys) {
      const range = { from: targetKey.day(dayOf(since)), to: targetKey.day(until) };
      return readable(await table.query(targetKey.pk(target), range), summarizeItem, tell);
    },

    gaps: async () => (await readRollupProgress(table, tell)).gaps,
  };
}

interface Span {
  readonly since: string;
  readonly until: string;
}

async function rolledSamples(
  table: Table,
  target: string,
  { since, until }: Span,
  tell: ReportUnreadable,
): Promise<VantageSample[]> {
  const range = { from: targetKey.hour(hourOf(since)), to: targetKey.hour(until) };
  const items = await table.query(targetKey.pk(target), range);
  const samples = readable(items, samplesOfHour, tell).flat();
  return samples.filter(({ round }) => round >= since && round <= until);
}

async function recentSamples(
  table: Table,
  target: string,
  { vantage, since, until }: Span & { readonly vantage: string },
  tell: ReportUnreadable,
) {
  const heads = await readPackedRounds(table, vantage, since, until, tell);
  return heads.flatMap(({ entries, fresh: _fresh, began: _began, ...named }): VantageSample[] => {
    const found = entries.find((entry) => entry.target === target);
    return found === undefined ? [] : [{ vantage, ...named, sample: unpackSample(found.packed, found.phases) }];
  });
}

function byRound(a: VantageSample, b: VantageSample): number {
  return a.round === b.round
    ? Number(a.vantage > b.vantage) - Number(a.vantage < b.vantage)
    : a.round < b.round
      ? -1
      : 1;
}
