/** What each vantage saw that a verdict is about. */

import type { JudgementInputs } from '../judgement/draft.ts';
import type { Chapter } from '../judgement/incident-chapter.ts';
import type { Observation } from '../judgement/observation.ts';
import type { Ballot, SeenProblem } from '../judgement/vote-and-verdict-definitions.ts';
import { votesNeeded } from '../quorum/decide-verdict.ts';
import { warningCode } from '../vote/cast-vote.ts';
import { continuesFailure } from './same-failure-as-before.ts';

/** The newest problem of a vantage, as the verdict counts it. */
export interface Sighting {
  readonly seen: SeenProblem;
  /** The second of the first sample with the same problem, of the streak that the vote is about. */
  readonly first: string;
  /** Whether the vantage votes for the verdict. One that failed once does not yet. */
  readonly votes: boolean;
}

/**
 * The warning that the verdict is about. A degraded verdict stays about its warning while the quorum agrees on that, even if
 * a minority fails.
 */
export function warningOf(present: Chapter | null, { decision, ballots, policy }: JudgementInputs): string | null {
  const before = present?.to === null ? present.warning : null;
  if (decision.warning !== null || decision.verdict !== 'degraded' || before === null) return decision.warning;
  const entitled = ballots.filter(({ vote }) => vote !== 'abstain');
  const warned = entitled.filter(({ warning }) => warning?.code === before);
  return warned.length >= votesNeeded(policy.quorum, entitled.length, policy.vantages.length) ? before : null;
}

/** None if too few vantages vote. If the verdict is about a warning, only that warning counts. */
export function sightingsOf({ decision, ballots }: Pick<JudgementInputs, 'decision' | 'ballots'>): readonly Sighting[] {
  if (decision.verdict === 'unknown') return [];
  return ballots.flatMap((ballot) =>
    decision.warning === null ? failureSeen(ballot) : warningSeen(ballot, decision.warning),
  );
}

function failureSeen({ vote, newest, problems, since }: Ballot): readonly Sighting[] {
  if (vote === 'abstain' || (vote === 'up' && newest?.outcome !== 'fail')) return [];
  const seen = problems.findLast(({ outcome }) => outcome === 'fail');
  return seen === undefined ? [] : [sighting(seen, problems, since, vote === 'down')];
}

function warningSeen({ problems, warning }: Ballot, code: string): readonly Sighting[] {
  if (warning?.code !== code) return [];
  const seen = problems.findLast((one) => one.outcome === 'warn' && warningCode(one) === code);
  return seen === undefined ? [] : [sighting(seen, problems, warning.since, true)];
}

function sighting(seen: SeenProblem, problems: Ballot['problems'], since: string | null, votes: boolean): Sighting {
  const other = problems.findLastIndex((one) => !isSameProblem(one, seen) && one.second < seen.second);
  const next = problems[other + 1]?.second ?? seen.second;
  const isWholeStreak = since !== null && (problems[other]?.second ?? '') < since;
  return { seen, first: isWholeStreak ? since : next, votes };
}

/** A certificate that expires in 7 days is another problem than one that expires in 14. */
export function isSameProblem(one: Observation, other: Observation): boolean {
  if (one.outcome !== other.outcome) return false;
  return continuesFailure(
    { phase: one.phase, code: warningCode(one) },
    { phase: other.phase, code: warningCode(other) },
  );
}
