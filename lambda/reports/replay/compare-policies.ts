import type { Policy } from '../../consensus/judgement/policy.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { comparePages, type PageComparison, pagesOf } from './pages.ts';
import { type ReplaySource, type ReplaySpan, readPastRounds } from './past-rounds.ts';
import { openReplay } from './replay.ts';

/** The range and number of the replayed rounds, and the pages under both policies; ISO 8601 UTC. */
export interface ReplayedRounds {
  readonly since: string;
  readonly until: string;
  readonly rounds: number;
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
  return { since, until, rounds, comparison: comparePages(pagesOf(replays[0].finish()), pagesOf(replays[1].finish())) };
}
