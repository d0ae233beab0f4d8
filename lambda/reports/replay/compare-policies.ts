import { freshSeconds, type Policy } from '../../consensus/judgement/policy.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { observedTime, observedTimes } from '../source/up-down-unwatched.ts';
import { readWatchRecords } from '../source/watch-records.ts';
import { comparePages, measurePages, type PageComparison, pagesOf } from './pages.ts';
import { type ReplaySource, type ReplaySpan, readPastRounds } from './read-past-rounds.ts';
import { openReplay } from './replay.ts';

/** The range and number of the replayed rounds, and the pages under both policies; ISO 8601 UTC. */
export interface ReplayedRounds {
  readonly since: string;
  readonly until: string;
  readonly rounds: number;
  /** Milliseconds from `since` to `until` in which no target was watched. */
  readonly unwatched: number;
  readonly comparison: PageComparison;
}

/**
 * Replays the past under two policies, in one reading of its rounds.
 * @param onRound called with the name of each round
 */
export async function comparePolicies(
  source: ReplaySource,
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
  const span = { from: Date.parse(since), to: Date.parse(until) + freshSeconds(current) * 1000 };
  const records = await readWatchRecords(source, span, past.span, freshSeconds(current));
  const watched = (target: string) => records.get(target)?.watched ?? [];
  const [own, others] = replays.map((replay) => measurePages(pagesOf(replay.finish()), span, watched));
  const all = [...records.values()].flatMap((record) => record.watched);
  const { unwatched } = observedTimes(observedTime(span, all, []));
  return { since, until, rounds, unwatched, comparison: comparePages(own ?? [], others ?? []) };
}
