import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MailboxState, NEW_MAILBOX } from '../../lambda/history/trips/mailbox-state.ts';
import { dueTrips, intervalStart, MOST_EARLY } from '../../lambda/trip-run/due-trips.ts';
import { MINUTE, roundTrip, START } from './world.ts';

/** When a message is sent, if the function runs at these times. Without second messages. */
function sentAt(every: number, runs: readonly number[], vantages: readonly string[] = ['local']): readonly number[] {
  const trip = { ...roundTrip(25, 993), every };
  let state: MailboxState = NEW_MAILBOX;
  return runs.filter((now) => {
    const question = { trips: [trip], state, vantages, now };
    const due = vantages.flatMap((vantage) => dueTrips({ ...question, vantage })).slice(0, 1);
    const starts = due.map((one) => [trip.id, intervalStart(one, state, now)] as const);
    state = { ...state, last: { ...state.last, ...Object.fromEntries(starts) } };
    return due.length > 0;
  });
}

const intervals = fc.integer({ min: 1, max: 60 }).map((minutes) => minutes * MINUTE);
const gaps = fc.array(fc.integer({ min: 1, max: 3 * MINUTE }), { minLength: 1, maxLength: 300 });
const vantages = fc.constantFrom(['local'], ['us-east-1', 'eu-west-1']);

test('messages are never more frequent than every, whenever the function runs', () => {
  fc.assert(
    fc.property(intervals, gaps, vantages, (every, between, from) => {
      let now = START;
      const runs = between.map((gap) => {
        now += gap;
        return now;
      });
      const sent = sentAt(every, runs, from);
      for (const [nth, at] of sent.entries())
        for (const [before, earlier] of sent.slice(0, nth).entries())
          expect(at - earlier).toBeGreaterThanOrEqual((nth - before) * every - MOST_EARLY);
    }),
  );
});

test('a schedule that is up to seconds early or late sends in each interval', () => {
  const drifts = fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 121, maxLength: 121 });
  fc.assert(
    fc.property(fc.constantFrom(5, 10, 20, 60), drifts, vantages, (minutes, drift, from) => {
      const runs = drift.map((by, nth) => START + nth * MINUTE + by);
      const sent = sentAt(minutes * MINUTE, runs, from);
      expect(sent.map((at) => Math.round(at / MINUTE) - START / MINUTE)).toEqual(
        Array.from({ length: Math.floor(120 / minutes) + 1 }, (_, nth) => nth * minutes),
      );
    }),
  );
});
