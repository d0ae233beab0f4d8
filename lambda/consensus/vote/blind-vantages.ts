/** Detects vantages that cannot reach the network, by comparing the samples of all vantages. */
import { hasPassed, heardAt, type Observation, observedAt } from '../judgement/observation.ts';
import type { Policy } from '../judgement/policy.ts';

/** Phases whose failure may be caused by the network of the vantage instead of the server. */
const NETWORK: ReadonlySet<string | null> = new Set(['dns', 'connect', 'greeting', 'tls']);

/** The samples of a target by one vantage: the newest fresh one, when it was due, and all recent ones. */
interface View {
  readonly newest: Observation;
  readonly at: number;
  readonly recent: readonly Observation[];
}

/** Views of one target, by vantage. */
type TargetViews = ReadonlyMap<string, View>;

/**
 * Blind vantages, with the reason as a text. Their samples do not count against any target.
 *
 * A vantage is blind in any of these cases:
 * - It has no recent round, and other vantages have.
 * - Most of its samples are `unable`, because its control target did not answer.
 * - Most targets that pass at the other vantages at that time fail in a network phase, on two unrelated networks or more. A
 *   target passes at the others if a strict majority of them say so: a vantage that agrees with a quorum is never blind.
 *
 * A blind vantage stays blind until half of the targets that do not fail at the others pass. So it does not become entitled
 * because another vantage missed a round.
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
  let [newest, newestAt]: [Observation | null, number] = [null, Number.NEGATIVE_INFINITY];
  for (const observation of recent) {
    const at = observedAt(observation, policy);
    if (at >= newestAt && at <= now + policy.every) [newest, newestAt] = [observation, at];
  }
  const isFresh = newest !== null && now - heardAt(newest, policy) <= policy.freshness * policy.every;
  return newest === null || !isFresh ? null : { newest, at: newestAt, recent };
}

function passesOf({ recent, at }: View, policy: Policy): readonly number[] {
  return recent
    .filter(hasPassed)
    .map((observation) => observedAt(observation, policy))
    .filter((passed) => passed <= at);
}

/** When the current streak of failures began. */
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
    return targets.some(({ size }) => size > 0) ? 'silent: no recent round, but other vantages have one' : null;
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
  return `blind: fails ${failedAlone.length} of ${comparable.length} targets that pass at other vantages`;
}

function failsMost(vantage: string, targets: readonly TargetViews[]): boolean {
  const own = targets.flatMap((views) => views.get(vantage)?.newest ?? []);
  return own.filter(failsAtNetwork).length * 2 > own.length;
}

function failsAtNetwork(observation: Observation | undefined): boolean {
  return observation?.outcome === 'fail' && NETWORK.has(observation.phase);
}

/**
 * Whether the target passed at a strict majority of the other vantages between the first and the last failure of this one. A
 * pass before or after them does not count, because all vantages may see the same outage. If the target passes here, whether
 * it passes there: vantages probe at different seconds, so that no pass falls into the second of this one.
 */
function othersPass(views: TargetViews, vantage: string, policy: Policy): boolean {
  const own = views.get(vantage);
  if (own === undefined || own.newest.outcome === 'unable') return false;
  const others = [...views].filter(([other, { newest }]) => other !== vantage && newest.outcome !== 'unable');
  if (hasPassed(own.newest)) return others.filter(([, { newest }]) => hasPassed(newest)).length * 2 > others.length;
  const from = failingFrom(own, policy);
  const passed = others.filter(([, view]) => passesOf(view, policy).some((at) => at >= from && at <= own.at));
  return passed.length * 2 > others.length;
}

/** Whether the newest samples of a strict majority of the other vantages failed. */
function othersFail(views: TargetViews, vantage: string): boolean {
  const others = [...views].filter(([other, { newest }]) => other !== vantage && newest.outcome !== 'unable');
  return others.filter(([, { newest }]) => newest.outcome === 'fail').length * 2 > others.length;
}

/** Networks of the addresses of the targets. Two addresses of one network may fail together. */
function networksOf(targets: readonly TargetViews[]): ReadonlySet<string> {
  const addresses = targets.map((views) => [...views.values()].find(({ newest }) => newest.address != null));
  return new Set(addresses.flatMap((view) => (view?.newest.address ? [networkOf(view.newest.address)] : [])));
}

/** The /24 of an IPv4 address, the first three groups (a /48, as commonly written) of an IPv6 address. */
function networkOf(address: string): string {
  return address.includes(':') ? address.split(':').slice(0, 3).join(':') : address.split('.').slice(0, 3).join('.');
}
