import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { Clock } from './virtual-clock.ts';

/** Milliseconds by which a clock that was set is wrong at most. */
const LONGEST_STEP = 180_000;

/** One run of a function. It may be killed between two calls. */
export interface Invocation {
  /** Whether it was killed or a call failed. */
  hasFailed: boolean;
  /** Whether its clock was set: it may take a lease of another for expired, or write one that has expired already. */
  readonly hasWrongClock: boolean;
  /** Its clock, which may be wrong. */
  now(): number;
  /**
   * One call over the network: latency, effect, response. The function may be killed before or after it; then the promise
   * stays pending.
   */
  call<T>(effect: () => Promise<T>, latency: number): Promise<T>;
}

/** @param strikes whether a fault of this probability happens */
export function startInvocation(
  clock: Clock,
  random: Random,
  faults: () => Faults,
  strikes: (probability: number) => boolean,
): Invocation {
  const hasWrongClock = strikes(faults().clockStep);
  const mostSkew = hasWrongClock ? LONGEST_STEP : faults().clockSkew;
  const skew = random.between(-mostSkew, mostSkew);
  let isAlive = true;
  const invocation: Invocation = {
    hasFailed: false,
    hasWrongClock,
    now: () => Math.round(clock.now() + skew),
    call: (effect, latency) =>
      new Promise((resolve, reject) => {
        const [diesBefore, diesAfter] = [strikes(faults().killed / 2), strikes(faults().killed / 2)];
        if (diesBefore) end();
        if (!isAlive) return;
        clock.after(latency, () => {
          if (!isAlive) return;
          const done = effect();
          if (diesAfter) end();
          done.then(
            (value) => isAlive && resolve(value),
            (error) => {
              invocation.hasFailed = true;
              if (isAlive) reject(error);
            },
          );
        });
      }),
  };
  const end = () => {
    isAlive = false;
    invocation.hasFailed = true;
  };
  return invocation;
}
