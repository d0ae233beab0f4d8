import type { Observation } from '../judgement/observation.ts';
import type { Policy } from '../judgement/policy.ts';
import { blindVantages } from './blind-vantages.ts';

/** Code of a sample at a port that the vantage's network drops, whoever is asked. */
const PORT_BLOCKED = 'port-blocked';

type Observations = ReadonlyMap<string, ReadonlyMap<string, readonly Observation[]>>;

/**
 * Of the blind vantages, those whose votes do not count on any target, with the reason. A closed port, which is known to
 * be closed, says nothing of the others: a vantage that sees well but for it is told as blind, and votes where it sees.
 */
export function excludedVantages(
  blind: ReadonlyMap<string, string>,
  observations: Observations,
  policy: Policy,
  now: number,
  before: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const blocked = new Set([...blind.keys()].filter((vantage) => hasBlockedPort(vantage, observations)));
  if (blocked.size === 0) return blind;
  const others = new Set([...before].filter((vantage) => !blocked.has(vantage)));
  const stillBlind = blindVantages(withoutBlockedPorts(observations), policy, now, others);
  return new Map([...blind].filter(([vantage]) => !blocked.has(vantage) || stillBlind.has(vantage)));
}

function hasBlockedPort(vantage: string, observations: Observations): boolean {
  return [...observations.values()].some((byVantage) =>
    byVantage.get(vantage)?.some(({ code }) => code === PORT_BLOCKED),
  );
}

function withoutBlockedPorts(observations: Observations): Observations {
  const unblocked = ([vantage, own]: readonly [string, readonly Observation[]]) =>
    [vantage, own.filter(({ code }) => code !== PORT_BLOCKED)] as const;
  return new Map([...observations].map(([target, byVantage]) => [target, new Map([...byVantage].map(unblocked))]));
}
