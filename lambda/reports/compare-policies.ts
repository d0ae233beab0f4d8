import type { Policy } from '../consensus/judgement/policy.ts';
import { isoSeconds } from '../consensus/judgement/round-name.ts';
import { lengthOfSpans, mergeSpans, type TimeSpan } from '../history/rollup/merge-and-clip-time-spans.ts';
import { comparePages, measurePages, type PageComparison, pagesOf } from './replay/pages.ts';
import { type ReplaySpan, readPastRounds } from './replay/read-past-rounds.ts';
import { openReplay } from './replay/replay.ts';
import type { ReportSource } from './source/report-source.ts';
import { type ObservedTarget, readObservedTimes } from './uptime/uptime-report.ts';

/** The range and number of the replayed rounds, and the pages under both policies; ISO 8601 UTC. */
export interface ReplayedRounds {
  readonly since: string;
  readonly until: string;
  readonly rounds: number;
  /** Milliseconds of the requested range in which no target was watched, by the figures of a report of that range. */
  readonly unwatched: number;
  readonly comparison: PageComparison;
}

/**
 * Replays the past under two policies, in one reading of its rounds.
 * @param onRound called with the name of each round
 */
export async function comparePolicies(
  source: ReportSource,
  past: ReplaySpan,
  [current, other]: readonly [current: Policy, other: Policy],
  onRound: (round: string) => void,
): Promise<ReplayedRounds> {
  const replays = [openReplay(source.targets, current), openReplay(source.targets, other)] as const;
  let rounds = 0;
  let [since, until] = [isoSeconds(past.span.from), isoSeconds(past.span.to)];
  for await (const round of readPastRounds(source, past)) {
    if (rounds === 0) since = round.round;
    until = round.round;
    rounds += 1;
    for (const replay of replays) replay.addRound(round);
    onRound(round.round);
  }
  const observed = await readObservedTimes(source, source.targets, past.range);
  const watched = (target: string) => observed.get(target)?.watched ?? [];
  const [own, others] = replays.map((replay) => measurePages(pagesOf(replay.finish()), past.range, watched));
  const unwatched = unwatchedTime(past.range, [...observed.values()]);
  return { since, until, rounds, unwatched, comparison: comparePages(own ?? [], others ?? []) };
}

/** The time in which every target was unwatched. */
function unwatchedTime({ from, to }: TimeSpan, targets: readonly ObservedTarget[]): number {
  const seen = targets.flatMap(({ stretches }) => stretches.filter(({ state }) => state !== 'unwatched'));
  return to - from - lengthOfSpans(mergeSpans(seen));
}
