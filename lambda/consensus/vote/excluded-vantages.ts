/** Selects the blind vantages whose votes do not count. */
import type { Observation } from '../judgement/observation.ts';
import type { Policy } from '../judgement/policy.ts';
import { blindVantages } from './blind-vantages.ts';

/** Code of a sample at a port that the network of the vantage blocks for all destinations. */
const PORT_BLOCKED = 'port-blocked';

type Observations = ReadonlyMap<string, ReadonlyMap<string, readonly Observation[]>>;

/**
 * The blind vantages whose votes do not count on any target, with the reason. A blocked port does not affect other ports: a
 * vantage that is blind only because of it is reported as blind, but votes on targets at other ports.
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
