/**
 * What is kept between two publications of a status page. The uptime of the days is read anew after five minutes, and of a
 * target when its verdict has changed, or while none of its time was watched. Of one that is not up, `uptime-until-now.ts` adds what
 * has passed meanwhile.
 */

import type { ReportSource } from '../source/report-source.ts';
import type { TimeSpan } from '../source/rounds.ts';
import type { Uptime } from '../uptime/uptime.ts';
import { readUptimeReport } from '../uptime/uptime-report.ts';
import type { VotesCache } from './incident/incident-details.ts';
import { emptyRoundCountCache, type RoundCountCache } from './round-counts.ts';

export interface UptimeCache {
  /** Of incidents that ended some hours ago. */
  readonly votes: VotesCache;
  uptimes: ReadonlyMap<string, Uptime>;
  /** Epoch milliseconds; -Infinity: never. */
  readAt: number;
  /** The verdicts that it was read with. */
  verdicts: ReadonlyMap<string, string>;
  /** What is known of the rounds of each vantage. */
  readonly counts: RoundCountCache;
}

const LASTS = 300_000;

export function emptyUptimeCache(): UptimeCache {
  const nothing = { uptimes: new Map(), readAt: Number.NEGATIVE_INFINITY, verdicts: new Map() };
  return { ...nothing, votes: new Map(), counts: emptyRoundCountCache() };
}

/** Of a target that has a verdict some time was watched: a first reading, at its first round, may have found none yet. */
function hasTime(uptime: Uptime | undefined, verdict: string | undefined): boolean {
  if (uptime === undefined) return false;
  return uptime.up + uptime.down > 0 || verdict === undefined || verdict.startsWith('unknown ');
}

/** @param days the days of the page @param now epoch milliseconds */
export async function readUptimes(
  cache: UptimeCache,
  source: ReportSource,
  targets: readonly string[],
  days: readonly TimeSpan[],
  now: number,
): Promise<UptimeCache['uptimes']> {
  const verdicts = new Map(source.judgements.map(({ target, verdict, since }) => [target, `${verdict} ${since}`]));
  const isRecent = now >= cache.readAt && now - cache.readAt < LASTS;
  const isKnown = (id: string) =>
    cache.verdicts.get(id) === verdicts.get(id) && hasTime(cache.uptimes.get(id), verdicts.get(id));
  const unknown = isRecent ? targets.filter((id) => !isKnown(id)) : targets;
  if (unknown.length === 0) return cache.uptimes;
  const span = { from: days[0]?.from ?? now, to: Math.floor(now / 1000) * 1000 };
  const report = await readUptimeReport(source, unknown, span, null, false);
  const read = report.targets.map((uptime) => [uptime.target, uptime] as const);
  cache.uptimes = new Map([...(isRecent ? cache.uptimes : []), ...read]);
  if (!isRecent) cache.readAt = now;
  cache.verdicts = verdicts;
  return cache.uptimes;
}
