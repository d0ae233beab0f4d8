import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import { type Outage, simulateSharedOutages } from './shared-outages.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;
/** Milliseconds until a probe of a target with an outage of its own has failed, and of one whose server hangs. */
const FAILS = { least: 20, most: 12_000 } as const;
const HANGS = { least: 31_000, most: 50_000 } as const;

/** A fault of a whole vantage: it does not run, cannot reach any target, or its samples are `unable`. */
export type VantageFault = 'lost' | 'blind' | 'unable';

export type LinkFault = 'cut' | 'refused';

/** The actual state of targets, vantages and links, which the monitor must detect. */
export interface ActualState {
  /** Since when the target is down at all vantages; null if it is not. */
  downSince(target: string): number | null;
  /** Since when the target is up at all vantages; null if it is not. */
  upSince(target: string): number | null;
  /** The outage of the target, at all vantages or some; null while it is up. */
  outageOf(target: string): Outage | null;
  vantageFault(vantage: string): VantageFault | null;
  /** A fault between one vantage and one target: no connection, or a blocked port. */
  linkFault(vantage: string, target: string): LinkFault | null;
  /** Since when there is at most one fault of vantage or link at a time. Bounds are promised for such times only. */
  calmSince(): number;
  /** Since when there is no fault of a vantage or link. */
  faultlessSince(): number;
  /** Ends all faults. */
  repair(): void;
}

interface TargetState {
  readonly kind: 'up' | 'partial' | 'down';
  readonly at: number;
}

/**
 * Simulates outages of one target (short, long and in bursts), outages that targets share, and faults of one vantage and one
 * link at a time. `faultRate` scales the frequency of all.
 */
export function simulateState(
  clock: Clock,
  random: Random,
  vantages: readonly [string, ...string[]],
  targets: readonly [string, ...string[]],
  faultRate: number,
  { singleOutages, sharedOutages, vantageFaults, hungServers }: Faults,
): ActualState {
  const states = new Map<string, TargetState>(targets.map((target) => [target, { kind: 'up', at: clock.now() }]));
  const everywhere = new Set(vantages);
  /** How long the probes take of each target that has an outage of its own. */
  const own = new Map<string, Outage['took']>();
  let brokenVantage: { readonly vantage: string; readonly how: VantageFault } | null = null;
  let linkFault: { readonly vantage: string; readonly target: string; readonly how: LinkFault } | null = null;
  let repaired = false;
  let [calm, faultless] = [clock.now(), clock.now()];

  const wait = (minutes: number) => random.wait((minutes * MINUTE) / faultRate);
  const kindOf = (target: string): TargetState['kind'] => {
    const outage = shared.of(target);
    if (own.has(target) || outage?.vantages.size === vantages.length) return 'down';
    return outage === null ? 'up' : 'partial';
  };
  const update = (target: string) => {
    const kind = kindOf(target);
    if (states.get(target)?.kind !== kind) states.set(target, { kind, at: clock.now() });
  };
  const outage = (target: string, left: number) => {
    if (repaired) return;
    own.set(target, random.chance(hungServers) ? HANGS : FAILS);
    update(target);
    const length =
      left > 1
        ? random.between(3, 5)
        : random.pick([random.between(0.1, 2), random.between(3, 12), random.between(15, 50)]);
    clock.after(length * MINUTE, () => {
      own.delete(target);
      update(target);
      const pause = left > 1 ? random.between(3, 5) * MINUTE : wait(240 / singleOutages);
      clock.after(pause, () => outage(target, left > 1 ? left - 1 : random.chance(0.1) ? 8 : 1));
    });
  };
  const breakVantage = () => {
    brokenVantage = repaired ? null : { vantage: random.pick(vantages), how: random.pick(['lost', 'blind', 'unable']) };
    clock.after(random.between(2, 45) * MINUTE, () => {
      if (linkFault !== null) calm = clock.now();
      brokenVantage = null;
      faultless = clock.now();
      clock.after(wait(240 / vantageFaults), breakVantage);
    });
  };
  const breakLink = () => {
    linkFault = repaired
      ? null
      : { vantage: random.pick(vantages), target: random.pick(targets), how: random.pick(['cut', 'refused']) };
    clock.after(random.between(2, 40) * MINUTE, () => {
      if (brokenVantage !== null) calm = clock.now();
      linkFault = null;
      faultless = clock.now();
      clock.after(wait(240 / vantageFaults), breakLink);
    });
  };

  const shared = simulateSharedOutages(clock, random, vantages, targets, faultRate * sharedOutages, update);
  // As many outages of their own, however many targets there are: each makes the judge run several times.
  for (const target of targets) clock.after(wait((20 * targets.length) / singleOutages), () => outage(target, 1));
  clock.after(wait(120 / vantageFaults), breakVantage);
  clock.after(wait(120 / vantageFaults), breakLink);

  return {
    downSince: (target) => sinceIf('down', states.get(target)),
    upSince: (target) => sinceIf('up', states.get(target)),
    outageOf(target) {
      const since = states.get(target)?.at ?? 0;
      const took = own.get(target);
      if (took !== undefined) return { since, vantages: everywhere, took };
      const outage = shared.of(target);
      return outage === null ? null : { ...outage, since };
    },
    vantageFault: (vantage) => (brokenVantage?.vantage === vantage ? brokenVantage.how : null),
    linkFault: (vantage, target) =>
      linkFault?.vantage === vantage && linkFault.target === target ? linkFault.how : null,
    calmSince: () => (linkFault !== null && brokenVantage !== null ? clock.now() : calm),
    faultlessSince: () => (linkFault !== null || brokenVantage !== null ? clock.now() : faultless),
    repair() {
      repaired = true;
      [brokenVantage, linkFault] = [null, null];
      own.clear();
      shared.repair();
      for (const target of targets) update(target);
    },
  };
}

function sinceIf(kind: TargetState['kind'], state: TargetState | undefined): number | null {
  return state?.kind === kind ? state.at : null;
}
