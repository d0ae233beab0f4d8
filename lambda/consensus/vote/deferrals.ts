/**
 * Deferrals that last. A server that greylists accepts mail at a later try, minutes after the first one. A server that has
 * deferred a vantage for over an hour, and at four tries or more, accepts no mail from it: that is a failure.
 */

import { type Observation, observedAt } from '../judgement/observation.ts';
import { type Policy, voteWindow } from '../judgement/policy.ts';

/**
 * The first deferred tries of each vantage since its last pass, as `<round> <address>`. Tries are counted by the address
 * of the target, because each address can have a greylist of its own.
 */
export type Deferrals = Readonly<Record<string, readonly string[]>>;

/** The codes of deferrals in `lambda/smtp`. */
export const DEFERRED: ReadonlySet<string> = new Set([
  'greylisted',
  'rcpt-greylisted',
  'address-unverified',
  'rcpt-unverified',
]);

/** The code of a deferral that lasts. */
export const DEFERRED_TOO_LONG = 'deferred-too-long';

const TRIES = 4;
const LONGEST = 3_600_000;
/** The most tries that are kept of one vantage, for targets with many addresses. */
const KEPT = 32;

/**
 * The deferrals after the observations in the window. Reading the same observations again changes nothing. A vantage
 * without any observation is removed, because its last ones are too old.
 */
export function recordDeferrals(
  before: Deferrals,
  observations: readonly Observation[],
  policy: Policy,
  now: number,
): Deferrals {
  if (Object.keys(before).length === 0 && !observations.some(isDeferral)) return before;
  const [from, to] = [now - voteWindow(policy), now + policy.every];
  const recent = observations.filter((observation) => isBetween(observedAt(observation, policy), from, to));
  const tries = policy.vantages.map((vantage) => {
    const own = recent.filter((observation) => observation.vantage === vantage);
    return [vantage, deferredTries(before[vantage] ?? [], own)] as const;
  });
  return Object.fromEntries(tries.filter(([, some]) => some.length > 0));
}

function isBetween(at: number, from: number, to: number): boolean {
  return at >= from && at <= to;
}

function isDeferral({ outcome, code }: Observation): boolean {
  return outcome === 'warn' && code !== null && DEFERRED.has(code);
}

/** A pass at any address clears all tries before it. */
function deferredTries(before: readonly string[], own: readonly Observation[]): readonly string[] {
  if (own.length === 0) return [];
  const passed = own.filter((one) => one.outcome === 'pass' || (one.outcome === 'warn' && !isDeferral(one)));
  const lastPass =
    passed
      .map(({ round }) => round)
      .sort()
      .at(-1) ?? '';
  const tries = [...new Set([...before, ...own.filter(isDeferral).map(tryName)])].filter((name) => name > lastPass);
  return firstOfEachAddress(tries.sort()).slice(0, KEPT);
}

function tryName({ round, address }: Observation): string {
  return `${round} ${address ?? '-'}`;
}

function addressOf(name: string): string {
  return name.slice(name.indexOf(' ') + 1);
}

function firstOfEachAddress(tries: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  return tries.filter((name) => {
    const count = (counts.get(addressOf(name)) ?? 0) + 1;
    counts.set(addressOf(name), count);
    return count <= TRIES;
  });
}

/** A deferral becomes a failure if its address has deferred the vantage for too long. Other observations stay the same. */
export function countLastingDeferral(
  observation: Observation,
  tries: readonly string[] | undefined,
  now: number,
): Observation {
  if (tries === undefined || !isDeferral(observation)) return observation;
  const here = tries.filter((name) => addressOf(name) === (observation.address ?? '-'));
  const first = here[0];
  const lasts = here.length >= TRIES && first !== undefined && now - Date.parse(first.split(' ')[0] ?? '') > LONGEST;
  if (!lasts) return observation;
  const detail = `deferred since ${first.split(' ')[0]}, ${LONGEST / 60_000} minutes allowed`;
  return { ...observation, outcome: 'fail', code: DEFERRED_TOO_LONG, detail };
}
