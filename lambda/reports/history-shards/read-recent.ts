/** Reads the last rounds of all targets of a page, which each of their pages has itself. */
import type { Incident } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { readPlannedTimes } from '../planned/planned-times.ts';
import type { ReportSource } from '../source/report-source.ts';
import { type RecentRounds, samplesOfTarget } from '../source/rounds.ts';
import { sparklineSpan } from '../status/target-status.ts';
import { recentShard, shadedSince } from './read-shards.ts';
import type { RoundShard } from './shard.ts';
import type { ShownTarget } from './shown-targets.ts';

interface RecentPage {
  readonly targets: readonly ShownTarget[];
  readonly vantages: readonly string[];
  /** Of any targets. */
  readonly incidents: readonly Pick<Incident, 'id' | 'target' | 'opened' | 'closed' | 'verdict'>[];
}

/**
 * By target. The last three hours, less of a large fleet.
 * @param rounds the cache that the snapshot of the page was read with
 * @param now epoch milliseconds
 */
export async function readRecentShards(
  source: ReportSource,
  rounds: RecentRounds,
  { targets, vantages, incidents }: RecentPage,
  now: number,
): Promise<ReadonlyMap<string, RoundShard>> {
  const length = sparklineSpan(targets.length * vantages.length, source.config?.policy.every ?? 60_000);
  const span = { from: now - length, to: now };
  const since = isoSeconds(span.from);
  const [planned, ...read] = await Promise.all([
    readPlannedTimes(source, { from: shadedSince(span), to: now }),
    ...vantages.map((vantage) => rounds.read(source.history, vantage, since, since, now)),
  ]);
  const recent = read.flat().filter(({ round }) => round >= since);
  return new Map(
    targets.map((shown) => {
      const { id } = shown;
      const target = { ...shown, planned, incidents: incidents.filter((one) => one.target === id) };
      return [id, recentShard(target, samplesOfTarget(recent, id), span)];
    }),
  );
}
