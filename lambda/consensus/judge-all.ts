/** One pass of the judge over all targets and vantages. */
import { withdrawTarget } from './incident/withdraw.ts';
import { isVantageJudgement, judgeVantage, vantageSubject, withdrawVantage } from './judge-blind-vantage.ts';
import { judgeTarget } from './judge-target.ts';
import type { Judgement } from './judgement/judgement-state.ts';
import type { Observation } from './judgement/observation.ts';
import type { Policy } from './judgement/policy.ts';
import { blindVantages } from './vote/blind-vantages.ts';
import { excludedVantages } from './vote/excluded-vantages.ts';

/** A judgement before and after one pass. Both are the same object if nothing changed. */
export interface JudgementPass<Stored extends Judgement> {
  readonly previous: Stored | null;
  readonly next: Judgement;
}

/** Observations by target, then by vantage. */
export type ObservationsByTarget = ReadonlyMap<string, ReadonlyMap<string, readonly Observation[]>>;

/**
 * Computes the next judgement of every target and every vantage of the config, and of the stored ones that are no longer
 * in the config.
 */
export function judgeAll<Stored extends Judgement>(inputs: {
  readonly targets: readonly string[];
  readonly stored: readonly Stored[];
  readonly observations: ObservationsByTarget;
  readonly policy: Policy;
  readonly now: number;
  /** Name of the round that this pass may request, different from that of any other pass. */
  readonly opinionRound?: string;
}): readonly JudgementPass<Stored>[] {
  const { targets, observations, policy, now, opinionRound } = inputs;
  const pass = { policy, now, ...(opinionRound === undefined ? {} : { opinionRound }) };
  const stored = new Map(inputs.stored.map((judgement) => [judgement.target, judgement]));
  const blindBefore = policy.vantages.filter((vantage) => stored.get(vantageSubject(vantage))?.verdict === 'unknown');
  const blind = blindVantages(observations, policy, now, new Set(blindBefore));
  const excluded = excludedVantages(blind, observations, policy, now, new Set(blindBefore));
  const judged = targets.map((target) => {
    const previous = stored.get(target) ?? null;
    const own = [...(observations.get(target)?.values() ?? [])].flat();
    return { previous, next: judgeTarget({ ...pass, target, previous, observations: own, abstaining: excluded }) };
  });
  const vantages = policy.vantages.map((vantage) => {
    const previous = stored.get(vantageSubject(vantage)) ?? null;
    const hasRounds = [...observations.values()].some((byVantage) => (byVantage.get(vantage) ?? []).length > 0);
    const reason = blind.get(vantage) ?? null;
    return { previous, next: judgeVantage({ vantage, previous, reason, hasRounds, policy, now }) };
  });
  const kept = new Set([...targets, ...policy.vantages.map(vantageSubject)]);
  const removed = inputs.stored.filter(({ target }) => !kept.has(target));
  return [...judged, ...vantages, ...removed.map((previous) => ({ previous, next: withdraw(previous, now) }))];
}

/** Ends the judgement of a target or vantage that is no longer in the config. */
function withdraw(judgement: Judgement, now: number): Judgement {
  return isVantageJudgement(judgement) ? withdrawVantage(judgement, now) : withdrawTarget(judgement, now);
}
