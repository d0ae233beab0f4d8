import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { Clock } from './virtual-clock.ts';

/** One run of a function, that may be killed between any two of its calls. */
export interface Invocation {
  /** Something went wrong for it: it was killed, or a call of it failed. */
  harmed: boolean;
  /** Its own idea of the time. */
  now(): number;
  /**
   * One call over the network: takes a while, then happens, then is answered, unless the function was killed before or
   * after it. A killed function is never answered again.
   */
  call<T>(effect: () => Promise<T>, latency: number): Promise<T>;
}

export function invoked(clock: Clock, random: Random, faults: () => Faults): Invocation {
  const skew = random.between(-faults().clockSkew, faults().clockSkew);
  let isAlive = true;
  const invocation: Invocation = {
    harmed: false,
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
              invocation.harmed = true;
              if (isAlive) reject(error);
            },
          );
        });
      }),
  };
  const end = () => {
    isAlive = false;
    invocation.harmed = true;
  };
  return invocation;
}
