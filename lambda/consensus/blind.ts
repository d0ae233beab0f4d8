import { momentOf, type Observation } from './observation.ts';
import type { Policy } from './policy.ts';

/** Phases that fail when the way out of a vantage is broken, rather than the server. */
const NETWORK: ReadonlySet<string | null> = new Set(['dns', 'connect', 'greeting', 'tls']);

/** Fresh newest samples of one target, by vantage. */
type Sight = ReadonlyMap<string, Observation>;

/**
 * Vantages that cannot see, with the reason in words: what they say is not held against any target.
 *
 * A vantage is blind when it has no recent round though others have; when most of what it probes is `unable` by its own word (its control target did not answer), or when
 * it fails at the network most of what the other vantages see pass in the same or a later round, on at least two
 * unrelated addresses. A target counts as seen to pass only if a strict majority of the others say so: vantages that
 * agree with a quorum are never called blind.
 *
 * @param observations Of every target, by target id and then vantage, in any order.
 */
export function blindVantages(
  observations: ReadonlyMap<string, ReadonlyMap<string, readonly Observation[]>>,
  policy: Policy,
  now: number,
): ReadonlyMap<string, string> {
  const sights = [...observations.values()].map((byVantage) => sightOf(byVantage, policy, now));
  const reasons = policy.vantages.map((vantage) => [vantage, blindness(vantage, sights, policy)] as const);
  return new Map(reasons.flatMap(([vantage, reason]) => (reason === null ? [] : [[vantage, reason]])));
}

function sightOf(byVantage: ReadonlyMap<string, readonly Observation[]>, policy: Policy, now: number): Sight {
  const sight = new Map<string, Observation>();
  for (const vantage of policy.vantages) {
    const newest = newestOf(byVantage.get(vantage) ?? [], policy, now);
    if (newest !== null) sight.set(vantage, newest);
  }
  return sight;
}

function newestOf(observations: readonly Observation[], policy: Policy, now: number): Observation | null {
  let [newest, newestAt]: [Observation | null, number] = [null, now - policy.freshness * policy.every];
  for (const observation of observations) {
    const at = momentOf(observation, policy);
    if (at >= newestAt && at <= now + policy.every) [newest, newestAt] = [observation, at];
  }
  return newest;
}

function blindness(vantage: string, sights: readonly Sight[], policy: Policy): string | null {
  const own = sights.flatMap((sight) => sight.get(vantage) ?? []);
  if (own.length === 0)
    return sights.some(({ size }) => size > 0) ? 'silent: no recent round, while others have some' : null;
  const unable = own.filter(({ outcome }) => outcome === 'unable');
  if (unable.length * 2 > own.length)
    return `blind: unable to probe ${unable.length} of ${own.length} targets (${unable[0]?.code ?? 'no reason given'})`;
  const comparable = sights.filter((sight) => othersPass(sight, vantage, policy));
  const alone = comparable.filter((sight) => failsAtNetwork(sight.get(vantage)));
  if (alone.length * 2 <= comparable.length || networksOf(alone).size < 2) return null;
  return `blind: fails ${alone.length} of ${comparable.length} targets that other vantages see pass`;
}

function failsAtNetwork(observation: Observation | undefined): boolean {
  return observation?.outcome === 'fail' && NETWORK.has(observation.phase);
}

/** Whether a strict majority of the other vantages saw the target pass no earlier than this one looked. */
function othersPass(sight: Sight, vantage: string, policy: Policy): boolean {
  const own = sight.get(vantage);
  if (own === undefined || own.outcome === 'unable') return false;
  const others = [...sight.values()].filter((other) => other.vantage !== vantage && other.outcome !== 'unable');
  const passed = others.filter((other) => other.outcome !== 'fail' && notEarlier(other, own, policy));
  return passed.length * 2 > others.length;
}

function notEarlier(one: Observation, other: Observation, policy: Policy): boolean {
  return one.round === other.round || momentOf(one, policy) >= momentOf(other, policy);
}

/** Networks of the targets, as any vantage saw their addresses: two of one network may share one fate. */
function networksOf(sights: readonly Sight[]): ReadonlySet<string> {
  const addresses = sights.map((sight) => [...sight.values()].find(({ address }) => address != null)?.address);
  return new Set(addresses.flatMap((address) => (address == null ? [] : [networkOf(address)])));
}

/** The /24 of an IPv4 address, the first three groups (a /48, as commonly written) of an IPv6 address. */
function networkOf(address: string): string {
  return address.includes(':') ? address.split(':').slice(0, 3).join(':') : address.split('.').slice(0, 3).join('.');
}
