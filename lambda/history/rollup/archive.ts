/** Years of history: the rollup of rounds into hours and days, and what is asked of them. */

import type { VantageSample } from '../packing/recorded-sample.ts';
import { unpackSample } from '../packing/round-packing.ts';
import { endOfKeys, targetKey } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { catchUp, type RollupReport } from './catch-up.ts';
import { dayOf, hourOf, nextHour, startOfHour } from './hour-names.ts';
import { openRollup, readPackedRounds } from './hour-rollup.ts';
import { acquireRollupLease, type Gap, readRollupProgress } from './progress.ts';
import { samplesOfHour, summarizeItem, type TargetSummary } from './rollup-items.ts';

export interface Archive {
  /** Rolls up every hour that has ended since the last time, and the last one again if late rounds came. Idempotent. */
  rollUp(work: RollupRequest): Promise<RollupReport>;
  /** Samples of a target from `since` to `until` (ISO UTC, both included), oldest first; older ones without transcripts. */
  samples(
    target: string,
    vantages: readonly string[],
    since: string,
    until?: string,
  ): Promise<readonly VantageSample[]>;
  /** Hours of a target, as far as they are rolled up, oldest first. */
  hours(target: string, since: string, until?: string): Promise<readonly TargetSummary[]>;
  /** Days of a target, as far as they are rolled up, oldest first. */
  days(target: string, since: string, until?: string): Promise<readonly TargetSummary[]>;
  /** Hours that were not rolled up while there were rounds of them: the latest few such gaps, oldest first. */
  gaps(): Promise<readonly Gap[]>;
}

export interface RollupRequest {
  readonly vantages: readonly string[];
  /** Tells one rollup from another that runs at the same time. */
  readonly by: string;
  /** Epoch ms after which no further hour is begun: the next run goes on from there. */
  readonly deadline: number;
}

export interface ArchiveOptions {
  readonly now: () => number;
  readonly roundDays: number;
  /** Days that hours are kept; 13 months by default. */
  readonly hourDays?: number;
}

/** Longer than a function on AWS can run: a lease that lapses means that its holder is dead. */
const leaseMs = 16 * 60_000;

export function openArchive(table: Table, { now, roundDays, hourDays = 396 }: ArchiveOptions): Archive {
  const rollup = openRollup(table, { hourDays });

  return {
    async rollUp({ vantages, by, deadline }) {
      const turn = await acquireRollupLease(table, by, now, leaseMs);
      if (turn === null) return { ended: 'busy', hours: [], written: 0, gaps: [] };
      try {
        return await catchUp(rollup, turn, { vantages, deadline, now, roundDays });
      } finally {
        await turn.release();
      }
    },

    async samples(target, vantages, since, until = endOfKeys) {
      const { through } = await readRollupProgress(table);
      const unrolled = through === null ? '' : startOfHour(nextHour(through));
      const rolled = since >= unrolled ? [] : await rolledSamples(table, target, since, until);
      const from = [since, unrolled].sort()[1] ?? since;
      const recent = await Promise.all(vantages.map((vantage) => recentSamples(table, target, vantage, from, until)));
      const archived = rolled.filter(({ vantage, round }) => vantages.includes(vantage) && round < unrolled);
      return [...archived, ...recent.flat()].sort(byRound);
    },

    async hours(target, since, until = endOfKeys) {
      const range = { from: targetKey.hour(hourOf(since)), to: targetKey.hour(until) };
      return (await table.query(targetKey.pk(target), range)).map(summarizeItem);
    },

    async days(target, since, until = endOfKeys) {
      const range = { from: targetKey.day(dayOf(since)), to: targetKey.day(until) };
      return (await table.query(targetKey.pk(target), range)).map(summarizeItem);
    },

    gaps: async () => (await readRollupProgress(table)).gaps,
  };
}

async function rolledSamples(table: Table, target: string, since: string, until: string): Promise<VantageSample[]> {
  const range = { from: targetKey.hour(hourOf(since)), to: targetKey.hour(until) };
  const items = await table.query(targetKey.pk(target), range);
  return items.flatMap(samplesOfHour).filter(({ round }) => round >= since && round <= until);
}

async function recentSamples(table: Table, target: string, vantage: string, from: string, until: string) {
  const heads = await readPackedRounds(table, vantage, from, until);
  return heads.flatMap(({ entries, ...named }): VantageSample[] => {
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
