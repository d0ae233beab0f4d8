import { addFactChanges } from './facts/fact-changes.ts';
import { addDueAlerts, applyVerdict } from './incident/due-alerts.ts';
import { nextIncident } from './incident/next-incident.ts';
import { isSameJudgement, type JudgementDraft, type JudgementInputs, toDraft } from './judgement/draft.ts';
import { presenceAfter, withPresence } from './judgement/grace-time-after-added-to-config.ts';
import { EMPTY_MEMORY, type Judgement, type Memory } from './judgement/judgement-state.ts';
import { type Observation, observedAt } from './judgement/observation.ts';
import type { Policy } from './judgement/policy.ts';
import { isoSeconds, unscheduledName } from './judgement/round-name.ts';
import type { Ballot } from './judgement/vote-and-verdict-definitions.ts';
import { decideVerdict } from './quorum/decide-verdict.ts';
import { requestSecondOpinions } from './quorum/second-opinion.ts';
import { abstain, castVote } from './vote/cast-vote.ts';
import { countLastingDeferral, type Deferrals, recordDeferrals } from './vote/deferrals.ts';

export interface TargetQuestion {
  readonly target: string;
  /** The stored judgement; null if the target was never judged. */
  readonly previous: Judgement | null;
  /** Samples of this target by any vantage, in any order, at least those within `voteWindow(policy)`. */
  readonly observations: readonly Observation[];
  readonly policy: Policy;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Vantages that may not vote because they are blind, with the reason. */
  readonly abstaining?: ReadonlyMap<string, string>;
  /** Name of the round that this pass may request, different from that of any other pass; by default made from `now` alone. */
  readonly opinionRound?: string;
}

/**
 * Computes the next judgement of a target: votes, verdict, incident, and alerts for the changes.
 *
 * Returns `previous` itself if nothing changed, so that nothing is written. The function is idempotent: a second pass over
 * the same rounds changes nothing. Two judges with the same input add the same alerts with the same ids.
 */
export function judgeTarget(question: TargetQuestion): Judgement {
  const { previous, policy, now } = question;
  const before = seenDraft(question);
  const deferred = recordDeferrals(before.memory.deferred ?? NO_DEFERRALS, question.observations, policy, now);
  const ballots = castVotes(question, before.memory.failing, deferred);
  const decision = decideVerdict(ballots, policy, before.memory.told, now);
  const observed = observedWithFacts(question);
  const { opinionRound = unscheduledName(now, 0, policy.every) } = question;
  const inputs: JudgementInputs = {
    previous: before,
    ballots,
    deferred,
    observed,
    decision,
    policy,
    now,
    at: isoSeconds(now),
    opinionRound,
  };
  const next = [recordFailing, applyVerdict, nextIncident, addDueAlerts, addFactChanges, requestSecondOpinions].reduce(
    (draft, step) => step(draft, inputs),
    before,
  );
  return previous !== null && isSameJudgement(previous, next) ? previous : next;
}

/** The ballot of each vantage, in the order of the config. */
function castVotes(question: TargetQuestion, failing: Memory['failing'], deferred: Deferrals): readonly Ballot[] {
  const { policy, now, observations, abstaining } = question;
  return policy.vantages.map((vantage) => {
    const reason = abstaining?.get(vantage);
    if (reason !== undefined) return abstain(null, reason, vantage);
    const own = observations
      .filter((observation) => observation.vantage === vantage)
      .map((observation) => countLastingDeferral(observation, deferred[vantage], now));
    return { ...castVote(own, policy, now, failing[vantage] ?? null), vantage };
  });
}

/** The samples of each vantage, oldest first. Most rounds have no facts and need no sorting. */
function observedWithFacts({ observations, policy }: TargetQuestion): readonly (readonly Observation[])[] {
  if (observations.every(({ facts }) => facts === undefined)) return [];
  const sorted = [...observations].sort((a, b) => observedAt(a, policy) - observedAt(b, policy));
  return policy.vantages.map((vantage) => sorted.filter((observation) => observation.vantage === vantage));
}

const NO_DEFERRALS: Deferrals = {};

/**
 * The judgement before this pass. For a target that was never judged `up` or worse, `since` restarts when it enters the
 * config and when the first round of any vantage has it.
 */
function seenDraft({ target, previous, observations, now }: TargetQuestion): JudgementDraft {
  const before = toDraft(previous ?? unjudged(target, now));
  if (before.verdict !== 'unknown') return { ...before, memory: withPresence(before.memory, undefined) };
  const { presence, isNew } = presenceAfter(previous, observations.length > 0);
  const memory = withPresence(before.memory, presence);
  return { ...before, memory, since: isNew ? isoSeconds(now) : before.since };
}

/** The judgement of a target without votes. */
function unjudged(target: string, now: number): Judgement {
  return { target, verdict: 'unknown', since: isoSeconds(now), incident: null, owed: [], memory: EMPTY_MEMORY };
}

/**
 * Records the vantages that vote `down`, and the deferred tries of each. A vantage that abstains is removed, because its
 * last votes are too old.
 */
function recordFailing(draft: JudgementDraft, { ballots, deferred }: JudgementInputs): JudgementDraft {
  const down = ballots.filter(({ vote }) => vote === 'down');
  const failing = down.flatMap(({ vantage, since }) => (since === null ? [] : [[vantage, since] as const]));
  const { deferred: _before, ...memory } = draft.memory;
  const kept = Object.keys(deferred).length === 0 ? {} : { deferred };
  return { ...draft, memory: { ...memory, ...kept, failing: Object.fromEntries(failing) } };
}
