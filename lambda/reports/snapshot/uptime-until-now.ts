/**
 * Of a target that is not up, what has passed since its uptime was read: readers see its downtime grow. It follows from the last
 * samples and from the verdict, which is the one that the uptime was read with.
 */

import { freshSeconds, type Policy } from '../../consensus/judgement/policy.ts';
import { watchedSpans } from '../../history/rollup/watched-spans.ts';
import { plannedFigures } from '../planned/planned-times.ts';
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
    return uptime === undefined || status.verdict === 'up'
      ? []
      : [[status.target, uptimeUntilNow(uptime, status, policy, now)] as const];
  });
  return longer.length === 0 ? uptimes : new Map([...uptimes, ...longer]);
}

function uptimeUntilNow(
  uptime: Uptime,
  { verdict, recent }: Pick<TargetStatus, 'verdict' | 'recent'>,
  policy: Policy,
  now: number,
): Uptime {
  const added = { from: uptime.span.to, to: Math.floor(now / 1000) * 1000 };
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
