import type { Random } from './random.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;

/** What hinders a whole vantage: it does not run, cannot reach anything, or knows that it cannot. */
export type Hindrance = 'lost' | 'blind' | 'unable';

export type Rift = 'cut' | 'refused';

/** How things really are: what the monitor should find out. */
export interface Truth {
  /** Since when the target is down; null while it is up. */
  downSince(target: string): number | null;
  /** Since when the target is up; null while it is down. */
  upSince(target: string): number | null;
  hindrance(vantage: string): Hindrance | null;
  /** What is wrong between only this vantage and only this target: no way there, or its address is refused. */
  rift(vantage: string, target: string): Rift | null;
  /** Since when at most one vantage at a time is hindered or cut off: what is promised within a bound is promised then. */
  fairSince(): number;
  /** From now on everything works. */
  heal(): void;
}

/** Outages short, long and in bursts; one vantage at a time hindered; one link at a time broken. `unrest` is how many times as often. */
export function unfoldingTruth(
  clock: Clock,
  random: Random,
  vantages: readonly [string, ...string[]],
  targets: readonly [string, ...string[]],
  unrest: number,
): Truth {
  const since = new Map(targets.map((target) => [target, { isUp: true, at: clock.now() }]));
  let hindered: { readonly vantage: string; readonly how: Hindrance } | null = null;
  let rift: { readonly vantage: string; readonly target: string; readonly how: Rift } | null = null;
  let healed = false;
  let fair = clock.now();

  const wait = (minutes: number) => random.wait((minutes * MINUTE) / unrest);
  const turn = (target: string, isUp: boolean) => {
    if (since.get(target)?.isUp !== isUp) since.set(target, { isUp, at: clock.now() });
  };
  const outage = (target: string, left: number) => {
    if (healed) return;
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
  const hinder = () => {
    hindered = healed ? null : { vantage: random.pick(vantages), how: random.pick(['lost', 'blind', 'unable']) };
    clock.after(random.between(2, 45) * MINUTE, () => {
      if (rift !== null) fair = clock.now();
      hindered = null;
      clock.after(wait(240), hinder);
    });
  };
  const separate = () => {
    rift = healed
      ? null
      : { vantage: random.pick(vantages), target: random.pick(targets), how: random.pick(['cut', 'refused']) };
    clock.after(random.between(2, 40) * MINUTE, () => {
      if (hindered !== null) fair = clock.now();
      rift = null;
      clock.after(wait(240), separate);
    });
  };

  for (const target of targets) clock.after(wait(60), () => outage(target, 1));
  clock.after(wait(120), hinder);
  clock.after(wait(120), separate);

  return {
    downSince: (target) => stateSince(since.get(target), false),
    upSince: (target) => stateSince(since.get(target), true),
    hindrance: (vantage) => (hindered?.vantage === vantage ? hindered.how : null),
    rift: (vantage, target) => (rift?.vantage === vantage && rift.target === target ? rift.how : null),
    fairSince: () => (rift !== null && hindered !== null ? clock.now() : fair),
    heal() {
      healed = true;
      [hindered, rift] = [null, null];
      for (const target of targets) turn(target, true);
    },
  };
}

function stateSince(state: { readonly isUp: boolean; readonly at: number } | undefined, isUp: boolean): number | null {
  return state?.isUp === isUp ? state.at : null;
}
