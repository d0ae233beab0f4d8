import { hasPassed, type Observation, observedAt } from '../judgement/observation.ts';
import type { Policy } from '../judgement/policy.ts';

/** Phases that fail when the way out of a vantage is broken, rather than the server. */
const NETWORK: ReadonlySet<string | null> = new Set(['dns', 'connect', 'greeting', 'tls']);

/** What a vantage sees of a target: its newest fresh sample, when that was due, and what it saw before. */
interface View {
  readonly newest: Observation;
  readonly at: number;
  readonly recent: readonly Observation[];
}

/** Views of one target, by vantage. */
type TargetViews = ReadonlyMap<string, View>;

/**
 * Vantages that cannot see, with the reason in words: what they say is not held against any target.
 *
 * A vantage is blind when it has no recent round though others have; when most of what it probes is `unable` by its own
 * word (its control target did not answer); or when it fails at the network most of what the other vantages see pass
 * meanwhile, on at least two unrelated addresses. A target counts as seen to pass only if a strict majority of the
 * others say so: vantages that agree with a quorum are never called blind. One that was blind stays so until it passes
 * half of the targets that the others do not see fail: it does not come back because another one missed a round.
 *
 * @param observations Of every target, by target id and then vantage, in any order.
 * @param before Vantages that were blind so far.
 */
export function blindVantages(
  observations: ReadonlyMap<string, ReadonlyMap<string, readonly Observation[]>>,
  policy: Policy,
  now: number,
  before: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, string> {
  const targets = [...observations.values()].map((byVantage) => targetViews(byVantage, policy, now));
  const reasons = policy.vantages.map(
    (vantage) => [vantage, blindReason(vantage, targets, before.has(vantage), policy)] as const,
  );
  return new Map(reasons.flatMap(([vantage, reason]) => (reason === null ? [] : [[vantage, reason]])));
}

function targetViews(byVantage: ReadonlyMap<string, readonly Observation[]>, policy: Policy, now: number): TargetViews {
  const views = policy.vantages.map((vantage) => [vantage, viewOf(byVantage.get(vantage) ?? [], policy, now)] as const);
  return new Map(views.flatMap(([vantage, view]) => (view === null ? [] : [[vantage, view]])));
}

function viewOf(recent: readonly Observation[], policy: Policy, now: number): View | null {
  let [newest, newestAt]: [Observation | null, number] = [null, now - policy.freshness * policy.every];
  for (const observation of recent) {
    const at = observedAt(observation, policy);
    if (at >= newestAt && at <= now + policy.every) [newest, newestAt] = [observation, at];
  }
  return newest === null ? null : { newest, at: newestAt, recent };
}

function passesOf({ recent, at }: View, policy: Policy): readonly number[] {
  return recent
    .filter(hasPassed)
    .map((observation) => observedAt(observation, policy))
    .filter((passed) => passed <= at);
}

/** When the failures began that its newest sample ends. */
function failingFrom(view: View, policy: Policy): number {
  const lastPass = Math.max(...passesOf(view, policy));
  const since = view.recent.map((observation) => observedAt(observation, policy)).filter((at) => at > lastPass);
  return Math.min(view.at, ...since);
}

function blindReason(
  vantage: string,
  targets: readonly TargetViews[],
  wasBlind: boolean,
  policy: Policy,
): string | null {
  const own = targets.flatMap((views) => views.get(vantage)?.newest ?? []);
  if (own.length === 0)
    return targets.some(({ size }) => size > 0) ? 'silent: no recent round, while others have some' : null;
  const unable = own.filter(({ outcome }) => outcome === 'unable');
  if (unable.length * 2 > own.length)
    return `blind: unable to probe ${unable.length} of ${own.length} targets (${unable[0]?.code ?? 'no reason given'})`;
  if (
    wasBlind &&
    failsMost(
      vantage,
      targets.filter((views) => !othersFail(views, vantage)),
    )
  )
    return 'blind: still fails most targets';
  if (!own.some(failsAtNetwork)) return null;
  const comparable = targets.filter((views) => othersPass(views, vantage, policy));
  const failedAlone = comparable.filter((views) => failsAtNetwork(views.get(vantage)?.newest));
  if (failedAlone.length * 2 <= comparable.length || networksOf(failedAlone).size < 2) return null;
  return `blind: fails ${failedAlone.length} of ${comparable.length} targets that other vantages see pass`;
}

function failsMost(vantage: string, targets: readonly TargetViews[]): boolean {
  const own = targets.flatMap((views) => views.get(vantage)?.newest ?? []);
  return own.filter(failsAtNetwork).length * 2 > own.length;
}

function failsAtNetwork(observation: Observation | undefined): boolean {
  return observation?.outcome === 'fail' && NETWORK.has(observation.phase);
}

/**
 * Whether a strict majority of the other vantages saw the target pass between this one's first and last failure: a pass
 * before or after them may be the beginning or the end of an outage that all of them see.
 */
function othersPass(views: TargetViews, vantage: string, policy: Policy): boolean {
  const own = views.get(vantage);
  if (own === undefined || own.newest.outcome === 'unable') return false;
  const others = [...views].filter(([other, { newest }]) => other !== vantage && newest.outcome !== 'unable');
  const from = failingFrom(own, policy);
  const passed = others.filter(([, view]) => passesOf(view, policy).some((at) => at >= from && at <= own.at));
  return passed.length * 2 > others.length;
}

/** Whether a strict majority of the other vantages saw the target fail when they last looked. */
function othersFail(views: TargetViews, vantage: string): boolean {
  const others = [...views].filter(([other, { newest }]) => other !== vantage && newest.outcome !== 'unable');
  return others.filter(([, { newest }]) => newest.outcome === 'fail').length * 2 > others.length;
}

/** Networks of the targets, as any vantage saw their addresses: two of one network may share one fate. */
function networksOf(targets: readonly TargetViews[]): ReadonlySet<string> {
  const addresses = targets.map((views) => [...views.values()].find(({ newest }) => newest.address != null));
  return new Set(addresses.flatMap((view) => (view?.newest.address ? [networkOf(view.newest.address)] : [])));
}

/** The /24 of an IPv4 address, the first three groups (a /48, as commonly written) of an IPv6 address. */
function networkOf(address: string): string {
  return address.includes(':') ? address.split(':').slice(0, 3).join(':') : address.split('.').slice(0, 3).join('.');
}
