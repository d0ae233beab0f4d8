import type { ActualState } from './actual-state.ts';
import type { Clock } from './virtual-clock.ts';

const SECOND = 1000;
/**
 * Milliseconds from the first recorded failure until the alert, if second opinions work and probes fail at once: three
 * rounds of them, each with two deliveries of up to 2.5 s, and the last judge.
 */
const BOUND = 30 * SECOND;
/** Rounds of second opinions: the first failure of the others, their second, and one more where another vantage passes. */
const OPINIONS = 3;
const RECENT = 180 * SECOND;
/** A fault may still have an effect after this time: a killed judge leaves a lease, and a vantage is missing rounds. */
const AFTERMATH = 300 * SECOND;

/**
 * Bounds the time until an outage is reported where no fault delays it. The bound is much shorter than a round: if answers
 * to second opinions are lost, the next round is too late.
 */
export interface OpinionBound {
  /** After a simulated fault. */
  struck(): void;
  /** After a vantage recorded that a target failed. Nothing is due if people were alerted before and not yet told of a recovery. */
  failed(vantage: string, target: string, isReported: boolean): void;
  /** The violation if the outage of the target should have been reported; null if there is none. */
  check(target: string, isReported: boolean): string | null;
  /** Milliseconds from the first recorded failure to the alert, of each outage without a fault. */
  readonly delays: readonly number[];
}

interface Failing {
  readonly since: number;
  readonly first: number;
  /** Milliseconds of the slowest probe while it failed: a round is recorded when its last probe has ended. */
  slowest: number;
  isDone: boolean;
}

export function boundOpinions(
  clock: Clock,
  state: ActualState,
  vantages: readonly string[],
  targets: readonly string[],
): OpinionBound {
  const failing = new Map<string, Failing>();
  const lastFailures = new Map<string, number>();
  const delays: number[] = [];
  let struckAt = Number.NEGATIVE_INFINITY;

  /** Second opinions have the targets of recent outages. */
  const slowest = () => {
    const outages = targets.flatMap((target) => state.outageOf(target) ?? []);
    return Math.max(0, ...outages.map(({ since, took }) => (clock.now() - since < RECENT ? took.most : 0)));
  };
  const isUndisturbed = ({ first }: Failing) =>
    struckAt < first - AFTERMATH && state.faultlessSince() < first - AFTERMATH;

  return {
    delays,
    struck() {
      struckAt = clock.now();
    },
    failed(vantage, target, isReported) {
      const outage = state.outageOf(target);
      if (outage === null || outage.vantages.size * 2 <= vantages.length || !outage.vantages.has(vantage)) return;
      const before = failing.get(target);
      // A vantage that has not passed twice since the last outage still votes `down`, and asks nobody when it fails again.
      const isRecovering = clock.now() - (lastFailures.get(target) ?? 0) < RECENT;
      lastFailures.set(target, clock.now());
      if (before?.since === outage.since) before.slowest = Math.max(before.slowest, slowest());
      else
        failing.set(target, {
          since: outage.since,
          first: clock.now(),
          slowest: slowest(),
          isDone: isReported || isRecovering,
        });
    },
    check(target, isReported) {
      const own = failing.get(target);
      if (own === undefined || own.isDone) return null;
      const delay = clock.now() - own.first;
      own.isDone = isReported || state.outageOf(target)?.since !== own.since;
      if (own.isDone && !isReported) return null;
      if (!isUndisturbed(own)) return null;
      if (isReported) delays.push(delay);
      const bound = BOUND + OPINIONS * own.slowest;
      if (delay <= bound) return null;
      own.isDone = true;
      return `reported ${isReported ? '' : 'later than '}${Math.round(delay / SECOND)} s after its first failure, bound ${bound / SECOND} s`;
    },
  };
}
