/** Bugs of bounces, each of which breaks a promise. The simulation must detect each. */
import { type Bug, withPlanted } from '../planted.ts';
import type { BounceProduct } from './simulate-bounces.ts';

/** The seeds are those of worlds in which the bugs show soonest. */
export const BOUNCE_BUGS: readonly Bug[] = [
  {
    name: 'a record that arrives again counts twice',
    file: 'history/bounces/bounce-slot.ts',
    find: 'if (known.has(id)) continue;',
    plant: '',
  },
  {
    name: 'counts are written without a condition',
    seed: 7,
    file: 'history/bounces/record-bounces.ts',
    find: 'if (await table.put(next, condition)) return added;',
    plant: 'if (await table.put(next)) return added;',
  },
  {
    name: 'an hour that gets records later is not written again',
    seed: 7,
    file: 'history/bounces/bounce-history.ts',
    find: 'known.get(keyOf(one)) !== signature(one)',
    plant: '!known.has(keyOf(one))',
  },
  {
    name: 'the day counts hours and slots of the same time',
    file: 'history/bounces/bounce-history.ts',
    find: 'slots(wholeUntil, now + 2 * HOUR)',
    plant: 'slots(wholeFrom, now + 2 * HOUR)',
  },
  {
    name: 'the end of a high rate is not told',
    seed: 7,
    file: 'consensus/bounces/judge-bounces.ts',
    find: "return [{ metric, finding, before: rate, news: 'over' }];",
    plant: 'return [{ metric, finding, before: rate, news: null }];',
  },
  {
    name: 'rates are judged by events alone',
    seed: 7,
    file: 'judge/judge-bounces.ts',
    find: 'return progress.next !== null && (',
    plant: 'return false && (',
  },
];

/** No bug: what a copy alone would break is not taken for one. */
export const NO_BOUNCE_BUG: Bug = {
  ...{ name: 'none', file: 'history/bounces/bounce-slot.ts' },
  ...{ find: 'if (known.has(id)) continue;', plant: 'if (known.has(id)) continue;' },
};

const ENTRY = `
  export { judge } from './judge/judge.ts';
  export { judgeBounces } from './judge/judge-bounces.ts';
  export { countSesEvents } from './bounce-watch/count-ses-events.ts';
  export { deliverChannel } from './deliver/deliver-channel.ts';
  export { openDeliveries } from './deliver/delivery-table.ts';
  export { openHistory } from './history/history.ts';
  export { openBounceHistory } from './history/bounces/bounce-history.ts';`;

export function withBounceBug(bug: Bug): Promise<BounceProduct> {
  return withPlanted<BounceProduct>(bug, ENTRY);
}
