/** Which vantages must probe again at once, because some failed. */
import type { JudgementDraft, JudgementInputs } from '../judgement/draft.ts';
import type { Judgement } from '../judgement/judgement.ts';
import { heardAt, type Observation, observedAt } from '../judgement/observation.ts';
import { failuresNeeded, type Policy } from '../judgement/policy.ts';
import { isoSeconds } from '../judgement/round-name.ts';
import type { Ballot } from '../judgement/verdict.ts';
import { isContested } from './decide-verdict.ts';

/** A request to probe these targets from these vantages now, in a round with this name. */
export interface SecondOpinionRequest {
  readonly round: string;
  readonly vantages: readonly string[];
  readonly targets: readonly string[];
}

/** A vantage that can be asked, with its ballot, its newest sample and the time of that. */
interface Candidate {
  readonly ballot: Ballot;
  readonly newest: Observation;
  readonly at: number;
}

/**
 * Records which vantages to ask for a second opinion: those that have not probed since the newest streak of failures began,
 * and those that failed, but too few times for a vote. A vantage that has not answered is asked again after half a round,
 * because event, probe or answer may be lost.
 */
export function requestSecondOpinions(
  draft: JudgementDraft,
  { ballots, policy, now }: JudgementInputs,
): JudgementDraft {
  const toAsk = policy.secondOpinion && draft.verdict !== 'down' ? vantagesToAsk(ballots, policy, now) : [];
  const round = opinionRound(now, policy);
  const asked = toAsk.map(({ ballot: { vantage }, at }) => {
    const before = draft.memory.asked[vantage];
    return [vantage, before !== undefined && isPending(before, at, policy, now) ? before : round] as const;
  });
  return { ...draft, memory: { ...draft.memory, asked: Object.fromEntries(asked) } };
}

function vantagesToAsk(ballots: readonly Ballot[], policy: Policy, now: number): readonly Candidate[] {
  const candidates = ballots.flatMap((ballot) => candidateOf(ballot, policy, now));
  const failing = candidates.filter(({ newest }) => newest.outcome === 'fail');
  const starts = failing.map(({ ballot }) =>
    observedAt({ vantage: ballot.vantage, round: ballot.since ?? '' }, policy),
  );
  const newestStart = Math.max(...starts);
  const contested = isContested(ballots, policy);
  const failuresToReach = failuresNeeded(policy) + (contested ? 1 : 0);
  return candidates.filter(
    ({ ballot, at }) => at < newestStart || (ballot.failures > 0 && ballot.failures < failuresToReach),
  );
}

function candidateOf(ballot: Ballot, policy: Policy, now: number): readonly Candidate[] {
  const { newest } = ballot;
  if (newest === null || newest.outcome === 'unable') return [];
  const at = observedAt(newest, policy);
  return now - heardAt(newest, policy) > policy.freshness * policy.every ? [] : [{ ballot, newest, at }];
}

function isPending(asked: string, answeredAt: number, policy: Policy, now: number): boolean {
  const askedAt = Date.parse(asked);
  return answeredAt < askedAt && now - askedAt < policy.every / 2;
}

/** The name of a round requested now: the current second, or the next one if a scheduled round has that name. */
function opinionRound(now: number, { every }: Policy): string {
  const second = Math.ceil(now / 1000) * 1000;
  return isoSeconds(second % every === 0 ? second + 1000 : second);
}

/** The new requests of a pass of the judge, one for all targets that ask the same vantages. */
export function secondOpinionRequests(
  passes: readonly { readonly previous: Judgement | null; readonly next: Judgement }[],
): readonly SecondOpinionRequest[] {
  const groups = new Map<string, SecondOpinionRequest>();
  for (const { previous, next } of passes) {
    for (const [round, vantages] of newlyAsked(previous, next)) {
      const key = `${round} ${vantages.join(' ')}`;
      const targets = [...(groups.get(key)?.targets ?? []), next.target];
      groups.set(key, { round, vantages, targets });
    }
  }
  return [...groups.values()];
}

function newlyAsked(previous: Judgement | null, next: Judgement): ReadonlyMap<string, readonly string[]> {
  const before = previous?.memory?.asked ?? {};
  const byRound = new Map<string, readonly string[]>();
  for (const [vantage, round] of Object.entries(next.memory?.asked ?? {})) {
    if (before[vantage] !== round) byRound.set(round, [...(byRound.get(round) ?? []), vantage]);
  }
  return byRound;
}
