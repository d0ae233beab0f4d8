import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { Clock } from './virtual-clock.ts';

/** One run of a function. It may be killed between two calls. */
export interface Invocation {
  /** Whether it was killed or a call failed. */
  hasFailed: boolean;
  /** Its clock, which may be wrong. */
  now(): number;
  /**
   * One call over the network: latency, effect, response. The function may be killed before or after it; then the promise
   * stays pending.
   */
  call<T>(effect: () => Promise<T>, latency: number): Promise<T>;
}

export function startInvocation(clock: Clock, random: Random, faults: () => Faults): Invocation {
  const skew = random.between(-faults().clockSkew, faults().clockSkew);
  let isAlive = true;
  const invocation: Invocation = {
    hasFailed: false,
    now: () => Math.round(clock.now() + skew),
    call: (effect, latency) =>
      new Promise((resolve, reject) => {
        const [diesBefore, diesAfter] = [random.chance(faults().killed / 2), random.chance(faults().killed / 2)];
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
