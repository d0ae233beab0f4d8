/**
 * Of a target that is not up, what has passed since its uptime was read: readers see its downtime grow. Of one that is up, the first
 * time of a new day. It follows from the last samples and from the verdict, which is the one that the uptime was read with.
 */

import { freshSeconds, type Policy } from '../../consensus/judgement/policy.ts';
import { watchedSpans } from '../../history/rollup/watched-spans.ts';
import { plannedFigures } from '../planned/planned-times.ts';
import type { TimeSpan } from '../source/rounds.ts';
import { observedTime, observedTimes, uptimeShare } from '../source/up-down-unwatched.ts';
import type { TargetStatus } from '../status/target-status.ts';
import type { Uptime } from '../uptime/uptime.ts';

/** By target. @param now epoch milliseconds */
export function uptimesUntilNow(
  uptimes: ReadonlyMap<string, Uptime>,
  statuses: readonly TargetStatus[],
  policy: Policy,
  now: number,
): ReadonlyMap<string, Uptime> {
  const longer = statuses.flatMap((status) => {
    const uptime = uptimes.get(status.target);
    const from = uptime === undefined ? now : addedFrom(uptime, status, now);
    return uptime === undefined || from >= now
      ? []
      : [[status.target, uptimeUntilNow(uptime, status, policy, { from, to: now })] as const];
  });
  return longer.length === 0 ? uptimes : new Map([...uptimes, ...longer]);
}

const DAY = 86_400_000;

/**
 * From when on time is added. Of a target that is up, the beginning of a day of which nothing was read yet: it is not unwatched. Of a
 * large fleet the samples may begin later; of the time before them nothing is said until the days are read again.
 */
function addedFrom(
  { span }: Uptime,
  { verdict, recent }: Pick<TargetStatus, 'verdict' | 'recent'>,
  now: number,
): number {
  const today = now - (now % DAY);
  if (verdict !== 'up') return span.to;
  if (span.to >= today) return now;
  const first = recent.reduce((oldest, { round }) => Math.min(oldest, Date.parse(round)), now);
  return Math.max(today, Math.floor(first / 1000) * 1000);
}

function uptimeUntilNow(
  uptime: Uptime,
  { verdict, recent }: Pick<TargetStatus, 'verdict' | 'recent'>,
  policy: Policy,
  { from, to }: TimeSpan,
): Uptime {
  const added = { from, to: Math.floor(to / 1000) * 1000 };
  if (added.from >= added.to) return uptime;
  const rounds = recent.map(({ round, sample: { outcome, late } }) => ({ round, outcome, late }));
  const stretches = [
    ...uptime.stretches,
    ...observedTime(added, watchedSpans(rounds, freshSeconds(policy)), [{ ...added, verdict }]),
  ];
  const span = { from: uptime.span.from, to: added.to };
  const times = observedTimes(stretches);
  const planned = plannedFigures(stretches, span, uptime.planned?.times ?? []);
  return { ...uptime, span, stretches, ...times, uptime: uptimeShare(times), planned };
}
