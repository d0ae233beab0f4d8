import type { Observation } from '../judgement/observation.ts';
import type { Policy } from '../judgement/policy.ts';
import { blindVantages } from './blind-vantages.ts';

/** Code of a sample at a port that the vantage's network drops, whoever is asked. */
const BARRED = 'port-blocked';

type Sightings = ReadonlyMap<string, ReadonlyMap<string, readonly Observation[]>>;

/**
 * Of the blind vantages, those whose votes do not count on any target, with the reason. A closed port, which is known to
 * be closed, says nothing of the others: a vantage that sees well but for it is told as blind, and votes where it sees.
 */
export function excludedVantages(
  blind: ReadonlyMap<string, string>,
  sightings: Sightings,
  policy: Policy,
  now: number,
  before: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const barred = new Set([...blind.keys()].filter((vantage) => isBarred(vantage, sightings)));
  if (barred.size === 0) return blind;
  const others = new Set([...before].filter((vantage) => !barred.has(vantage)));
  const anyway = blindVantages(besidesBarred(sightings), policy, now, others);
  return new Map([...blind].filter(([vantage]) => !barred.has(vantage) || anyway.has(vantage)));
}

function isBarred(vantage: string, sightings: Sightings): boolean {
  return [...sightings.values()].some((byVantage) => byVantage.get(vantage)?.some(({ code }) => code === BARRED));
}

function besidesBarred(sightings: Sightings): Sightings {
  const seen = ([vantage, own]: readonly [string, readonly Observation[]]) =>
    [vantage, own.filter(({ code }) => code !== BARRED)] as const;
  return new Map([...sightings].map(([target, byVantage]) => [target, new Map([...byVantage].map(seen))]));
}
