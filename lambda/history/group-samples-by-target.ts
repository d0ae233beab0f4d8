import type { ObservationsByTarget } from '../consensus/judge-all.ts';
import type { Observation } from '../consensus/judgement/observation.ts';
import type { UnderWay, UntimedRound } from './packing/recorded-round.ts';

/** Groups the samples of several vantages' rounds by target, for the judge. */
export function observationsByTarget(rounds: readonly UntimedRound[]): ObservationsByTarget {
  const byTarget: ByTarget = new Map();
  for (const { vantage, round, began, samples, underWay } of rounds) {
    const named = began === undefined ? { vantage, round } : { vantage, round, began };
    for (const [target, sample] of samples) {
      const byVantage = byTarget.get(target) ?? new Map<string, Observation[]>();
      const own = byVantage.get(vantage) ?? [];
      own.push({ ...sample, ...named });
      byTarget.set(target, byVantage.set(vantage, own));
    }
    if (underWay !== undefined) markUnderWay(byTarget, vantage, round, underWay);
  }
  return byTarget;
}

/** A vantage whose probe of a target is under way is not silent: its newest sample before counts until the probe must end. */
function markUnderWay(byTarget: ByTarget, vantage: string, round: string, underWay: UnderWay): void {
  for (const [target, seconds] of Object.entries(underWay)) {
    const own = byTarget.get(target)?.get(vantage) ?? [];
    const place = own.reduce((found, one, at) => (isNewer(one, own[found]) && one.round <= round ? at : found), -1);
    const newest = own[place];
    if (newest !== undefined) own[place] = { ...newest, heard: Date.parse(round) + seconds * 1000 };
  }
}

type ByTarget = Map<string, Map<string, Observation[]>>;

function isNewer(one: Observation, other: Observation | undefined): boolean {
  return other === undefined || one.round > other.round;
}
