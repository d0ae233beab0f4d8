/** Which vantages must probe again at once, because some failed. */
import type { JudgementDraft, JudgementInputs } from '../judgement/draft.ts';
import type { Judgement } from '../judgement/judgement-state.ts';
import { heardAt, type Observation, observedAt } from '../judgement/observation.ts';
import { failuresNeeded, type Policy } from '../judgement/policy.ts';
import type { Ballot } from '../judgement/vote-and-verdict-definitions.ts';
import { isContested } from './decide-verdict.ts';

/** A request to probe these targets from these vantages now, in a round with this name. */
export interface SecondOpinionRequest {
  readonly round: string;
  readonly vantages: readonly string[];
  readonly targets: readonly string[];
}

/** Milliseconds after which an answer is taken for lost: events are delivered in seconds, and a probe takes 20 s at most. */
const answerTime = 30_000;

/** A vantage that can be asked, with its ballot, its newest sample and the time of that. */
interface Candidate {
  readonly ballot: Ballot;
  readonly newest: Observation;
  readonly at: number;
}

/**
 * Records which vantages to ask for a second opinion: those that have not probed since the newest streak of failures began,
 * and those that failed, but too few times for a vote. A vantage that has not answered is asked again after half a round, or
 * after `answerTime` if that is shorter, because event, probe or answer may be lost.
 */
export function requestSecondOpinions(
  draft: JudgementDraft,
  { ballots, policy, now, opinionRound }: JudgementInputs,
): JudgementDraft {
  const toAsk = policy.secondOpinion && draft.verdict !== 'down' ? vantagesToAsk(ballots, policy, now) : [];
  const asked = toAsk.map(({ ballot: { vantage }, at }) => {
    const before = draft.memory.asked[vantage];
    return [vantage, before !== undefined && isPending(before, at, policy, now) ? before : opinionRound] as const;
  });
  return { ...draft, memory: { ...draft.memory, asked: Object.fromEntries(asked) } };
}

function vantagesToAsk(ballots: readonly Ballot[], policy: Policy, now: number): readonly Candidate[] {
  const candidates = ballots.flatMap((ballot) => candidateOf(ballot, policy, now));
  const failing = candidates.filter(({ newest }) => newest.outcome === 'fail');
  const newestStart = Math.max(...failing.map(({ ballot }) => Date.parse(ballot.since ?? '')));
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
  return answeredAt < askedAt && now - askedAt < Math.min(policy.every / 2, answerTime);
}

/** The pass with its new requests in the round of this name. */
export function requestedIn<Pass extends { readonly previous: Judgement | null; readonly next: Judgement }>(
  pass: Pass,
  round: string,
): Pass {
  const { memory } = pass.next;
  if (memory === undefined || memory.asked === undefined) return pass;
  const before = pass.previous?.memory?.asked ?? {};
  const asked = Object.entries(memory.asked).map(([vantage, name]) => [
    vantage,
    before[vantage] === name ? name : round,
  ]);
  return { ...pass, next: { ...pass.next, memory: { ...memory, asked: Object.fromEntries(asked) } } };
}

/**
 * The new requests of a pass of the judge. A vantage is asked once, for all targets together: the round has one name, and a
 * vantage records a name once. Vantages that are asked for the same targets share a request.
 */
export function secondOpinionRequests(
  passes: readonly { readonly previous: Judgement | null; readonly next: Judgement }[],
): readonly SecondOpinionRequest[] {
  const requests = new Map<string, SecondOpinionRequest>();
  for (const { round, vantage, targets } of newlyAsked(passes)) {
    const key = `${round} ${targets.join(' ')}`;
    const vantages = [...(requests.get(key)?.vantages ?? []), vantage];
    requests.set(key, { round, vantages, targets });
  }
  return [...requests.values()];
}

interface VantageRequest {
  readonly round: string;
  readonly vantage: string;
  readonly targets: string[];
}

/** For each vantage and round the targets that were not asked for before. */
function newlyAsked(
  passes: readonly { readonly previous: Judgement | null; readonly next: Judgement }[],
): Iterable<VantageRequest> {
  const asked = new Map<string, VantageRequest>();
  for (const { previous, next } of passes) {
    const before = previous?.memory?.asked ?? {};
    for (const [vantage, round] of Object.entries(next.memory?.asked ?? {})) {
      if (before[vantage] === round) continue;
      const key = `${round} ${vantage}`;
      const request = asked.get(key) ?? { round, vantage, targets: [] };
      request.targets.push(next.target);
      asked.set(key, request);
    }
  }
  return asked.values();
}
