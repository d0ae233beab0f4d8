import type { Table } from '../../lambda/history/table/table.ts';
import type { Faults } from './faults.ts';
import type { Invocation } from './invocation.ts';
import type { Random } from './random.ts';
import type { Clock } from './virtual-clock.ts';

/** Milliseconds. */
const CLIENT_TIMEOUT = 5000;

interface Setup {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: () => Faults;
  /** Whether a fault of this probability happens. */
  readonly strikes: (probability: number) => boolean;
}

/** The table as invocations reach it, over the network: a call is throttled, times out, or loses its response. */
export function invokedTable(table: Table, { clock, random, faults, strikes }: Setup): (by: Invocation) => Table {
  const timeOut = () =>
    new Promise<never>((_, reject) => clock.after(CLIENT_TIMEOUT, () => reject(new Error('timed out'))));
  return (invocation) => {
    /** @param lost what the client returns at times if the response was lost; null: it throws */
    const call = <T>(effect: () => Promise<T>, lost: T | null) =>
      invocation.call(
        async () => {
          if (strikes(faults().tableThrottles)) throw new Error('throttled');
          const answer = await effect();
          if (strikes(faults().tableTimesOut)) return timeOut();
          if (!strikes(faults().tableAnswerLost)) return answer;
          if (lost === null || random.chance(0.5)) throw new Error('the response was lost');
          return lost;
        },
        random.between(2, 60),
      );
    return {
      // The AWS client repeats a put whose response was lost. The condition then fails because of the first write.
      put: (item, condition) => call(() => table.put(item, condition), condition === undefined ? null : false),
      get: (pk, sk) => call(() => table.get(pk, sk), null),
      query: (pk, range) => call(() => table.query(pk, range), null),
    };
  };
}
