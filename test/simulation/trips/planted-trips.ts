/** Bugs of round trips, each of which breaks a promise. The simulation must detect each. */
import { type Bug, withPlanted } from '../planted.ts';
import type { TripProduct } from './simulate-trips.ts';

/** A bug, and the world in which it shows. */
export type TripBug = Bug & { readonly perDay?: number; readonly vantages?: 1 | 2 };

/** The seeds are those of worlds in which the bugs show soonest. */
export const TRIP_BUGS: readonly TripBug[] = [
  {
    name: 'a claim that another vantage has made is claimed again',
    seed: 6,
    file: 'trip-run/claim-trips.ts',
    find: 'if (written === null) return null;',
    plant: 'const mine = written ?? state;',
    and: [{ file: 'trip-run/claim-trips.ts', find: 'state: written }', plant: 'state: mine }' }],
  },
  {
    name: 'a message is sent before its time',
    file: 'trip-run/due-trips.ts',
    find: 'now + MOST_EARLY - last >= every;',
    plant: 'now + MOST_EARLY - last >= every * 0.8;',
  },
  {
    name: 'the day has no ceiling',
    file: 'trip-run/due-trips.ts',
    find: 'Math.min(...trips.map(({ perDay }) => perDay)) - sent',
    plant: 'Infinity',
    perDay: 60,
    seed: 23,
  },
  {
    name: 'one failed trip is reported',
    seed: 2,
    file: 'consensus/trips/judge-trip.ts',
    find: 'const IN_A_ROW = 2;',
    plant: 'const IN_A_ROW = 1;',
  },
  {
    name: 'two failed trips of one of two vantages are reported',
    file: 'consensus/trips/judge-trip.ts',
    find: 'others >= Math.min(IN_A_ROW, vantages)',
    plant: 'true',
  },
  {
    name: 'what is unable counts as failed',
    seed: 3,
    file: 'consensus/trips/judge-trip.ts',
    find: "case 'unable':\n      return previous;",
    plant: "case 'unable':\n      return afterFailure(before, question);",
  },
  {
    name: 'a mailbox that could not be read has no message',
    seed: 3,
    file: 'trip/verdict/trip-verdict.ts',
    find: 'if (state.read !== null && state.read >= due) {',
    plant: 'if (now >= due) {',
  },
  {
    name: 'alerts are not stored with the verdict',
    seed: 6,
    file: 'trip-run/end-trips.ts',
    find: 'ports.history.writeVerdict(next,',
    plant: 'ports.history.writeVerdict({ ...next, owed: [] },',
  },
  {
    name: 'a trip that arrived is not added to the verdict',
    seed: 10,
    file: 'consensus/trips/judge-trip.ts',
    find: 'return before.failed.length === 0 ? previous : afterArrival(before, question);',
    plant: 'return previous;',
  },
  {
    name: 'two runs read the mailbox in one round',
    file: 'trip-run/due-trips.ts',
    find: '(look !== null && look >= round)',
    plant: 'false',
  },
  {
    name: 'a message is taken for ours without its HMAC',
    file: 'trip-run/look-into-mailbox.ts',
    find: 'const token = verifyToken(claimed, key);',
    plant: "const [, name, id, at] = claimed.split(':'); const token = key && { trip: name, id, at: Number(at) };",
  },
  {
    name: 'a message that was claimed and may have been sent is claimed again',
    file: 'trip-run/claim-trips.ts',
    find: 'last: { ...state.last, ...Object.fromEntries(claimed.map((one) => [one.trip.id, intervalStart(one, state, now)])) },',
    plant: 'last: state.last,',
  },
];

/** No bug: what a copy alone would break is not taken for one. */
export const NO_BUG: TripBug = {
  ...{ name: 'none', file: 'trip-run/due-trips.ts' },
  ...{ find: 'now + MOST_EARLY - last >= every;', plant: 'now + MOST_EARLY - last >= every;' },
};

const ENTRY = `
  export { judge } from './judge/judge.ts';
  export { MailboxError } from './mailbox/session/mailbox-report.ts';
  export { handOverTrips } from './judge/hand-over-trips.ts';
  export { watchTrips } from './trip-run/watch-trips.ts';
  export { deliverChannel } from './deliver/deliver-channel.ts';
  export { openDeliveries } from './deliver/delivery-table.ts';
  export { openHistory } from './history/history.ts';
  export { openTripStore } from './history/trips/trip-store.ts';`;

export function withTripBug({ perDay: _perDay, vantages: _vantages, ...bug }: TripBug): Promise<TripProduct> {
  return withPlanted<TripProduct>(bug, ENTRY);
}
