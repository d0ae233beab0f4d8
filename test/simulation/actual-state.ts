import type { Random } from './random.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;

/** A fault of a whole vantage: it does not run, cannot reach any target, or its samples are `unable`. */
export type VantageFault = 'lost' | 'blind' | 'unable';

export type LinkFault = 'cut' | 'refused';

/** The actual state of targets, vantages and links, which the monitor must detect. */
export interface ActualState {
  /** Since when the target is down; null while it is up. */
  downSince(target: string): number | null;
  /** Since when the target is up; null while it is down. */
  upSince(target: string): number | null;
  vantageFault(vantage: string): VantageFault | null;
  /** A fault between one vantage and one target: no connection, or a blocked port. */
  linkFault(vantage: string, target: string): LinkFault | null;
  /** Since when there is at most one fault of vantage or link at a time. Bounds are promised for such times only. */
  calmSince(): number;
  /** Ends all faults. */
  repair(): void;
}

/** Simulates outages (short, long and in bursts), and faults of one vantage and one link at a time. `faultRate` scales their frequency. */
export function simulateState(
  clock: Clock,
  random: Random,
  vantages: readonly [string, ...string[]],
  targets: readonly [string, ...string[]],
  faultRate: number,
): ActualState {
  const since = new Map(targets.map((target) => [target, { isUp: true, at: clock.now() }]));
  let brokenVantage: { readonly vantage: string; readonly how: VantageFault } | null = null;
  let linkFault: { readonly vantage: string; readonly target: string; readonly how: LinkFault } | null = null;
  let repaired = false;
  let calm = clock.now();

  const wait = (minutes: number) => random.wait((minutes * MINUTE) / faultRate);
  const turn = (target: string, isUp: boolean) => {
    if (since.get(target)?.isUp !== isUp) since.set(target, { isUp, at: clock.now() });
  };
  const outage = (target: string, left: number) => {
    if (repaired) return;
    turn(target, false);
    const length =
      left > 1
        ? random.between(3, 5)
        : random.pick([random.between(0.1, 2), random.between(3, 12), random.between(15, 50)]);
    clock.after(length * MINUTE, () => {
      turn(target, true);
      const pause = left > 1 ? random.between(3, 5) * MINUTE : wait(240);
      clock.after(pause, () => outage(target, left > 1 ? left - 1 : random.chance(0.1) ? 8 : 1));
    });
  };
  const breakVantage = () => {
    brokenVantage = repaired ? null : { vantage: random.pick(vantages), how: random.pick(['lost', 'blind', 'unable']) };
    clock.after(random.between(2, 45) * MINUTE, () => {
      if (linkFault !== null) calm = clock.now();
      brokenVantage = null;
      clock.after(wait(240), breakVantage);
    });
  };
  const breakLink = () => {
    linkFault = repaired
      ? null
      : { vantage: random.pick(vantages), target: random.pick(targets), how: random.pick(['cut', 'refused']) };
    clock.after(random.between(2, 40) * MINUTE, () => {
      if (brokenVantage !== null) calm = clock.now();
      linkFault = null;
      clock.after(wait(240), breakLink);
    });
  };

  for (const target of targets) clock.after(wait(60), () => outage(target, 1));
  clock.after(wait(120), breakVantage);
  clock.after(wait(120), breakLink);

  return {
    downSince: (target) => stateSince(since.get(target), false),
    upSince: (target) => stateSince(since.get(target), true),
    vantageFault: (vantage) => (brokenVantage?.vantage === vantage ? brokenVantage.how : null),
    linkFault: (vantage, target) =>
      linkFault?.vantage === vantage && linkFault.target === target ? linkFault.how : null,
    calmSince: () => (linkFault !== null && brokenVantage !== null ? clock.now() : calm),
    repair() {
      repaired = true;
      [brokenVantage, linkFault] = [null, null];
      for (const target of targets) turn(target, true);
    },
  };
}

function stateSince(state: { readonly isUp: boolean; readonly at: number } | undefined, isUp: boolean): number | null {
  return state?.isUp === isUp ? state.at : null;
}
