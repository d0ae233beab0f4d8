import type { ObservationsByTarget } from '../consensus/judge-all.ts';
import type { Observation } from '../consensus/judgement/observation.ts';
import type { UntimedRound } from './packing/recorded-sample.ts';

/** Groups the samples of several vantages' rounds by target, for the judge. */
export function observationsByTarget(rounds: readonly UntimedRound[]): ObservationsByTarget {
  const byTarget = new Map<string, Map<string, Observation[]>>();
  for (const { vantage, round, began, samples } of rounds) {
    const named = began === undefined ? { vantage, round } : { vantage, round, began };
    for (const [target, sample] of samples) {
      const byVantage = byTarget.get(target) ?? new Map<string, Observation[]>();
      const own = byVantage.get(vantage) ?? [];
      own.push({ ...sample, ...named });
      byTarget.set(target, byVantage.set(vantage, own));
    }
  }
  return byTarget;
}
