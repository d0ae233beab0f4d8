import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryAfterOf } from '../../../lambda/alert/channels/retry-after.ts';
import { afterRefused, afterTaken } from '../../../lambda/alert/delivery/after-send.ts';
import { type ChannelState, type Delivery, NEW_CHANNEL } from '../../../lambda/alert/delivery/delivery.ts';
import { retryWait } from '../../../lambda/alert/delivery/retry.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { alertAt, deliveryOf, minute, pendingOf, start } from './deliveries.ts';

const channel = 'webhook:https://hooks.example.com#0a1b2c3d';
const refused = { taken: false, words: 'HTTP 404', retryAfter: null } as const;
const pending = pendingOf(alertAt(0, 'down', 'a'));
const hours = 60 * minute;

function keysGivenUp({ giveUpBefore }: ChannelState, of: readonly Delivery[]): readonly string[] {
  return giveUpBefore === null ? [] : of.filter(({ made }) => made <= giveUpBefore).map(({ key }) => key);
}

/** Refuses so many attempts, `pause` apart. */
function refuse(count: number, pause: number, state: ChannelState = NEW_CHANNEL) {
  const reports: string[] = [];
  const givenUp: string[] = [];
  let now = start;
  for (let at = 0; at < count; at += 1, now += pause) {
    state = afterRefused(channel, state, refused, pending, now, 0.5);
    reports.push(...state.reports.map(({ id }) => id));
    givenUp.push(...keysGivenUp(state, pending));
  }
  return { state, reports, givenUp, now };
}

test('the third failed attempt is reported, once', () => {
  expect(refuse(2, minute).reports).toEqual([]);
  expect(refuse(3, minute).reports).toEqual([`${channel}@2026-11-22T05:00:00Z#1-undelivered`]);
  expect(refuse(30, minute).reports).toHaveLength(1);
});

test('an hour without success is reported, although there were two attempts', () => {
  expect(refuse(2, 1 * hours).reports).toHaveLength(1);
});

test.each([
  [300, 0],
  [301, 1],
  [3600, 1],
])('a receiver that takes nothing for the next %i s is reported at once: %i', (seconds, count) => {
  const later = { ...refused, words: 'HTTP 429', retryAfter: seconds * 1000 };
  const { reports } = afterRefused(channel, NEW_CHANNEL, later, pending, start, 0.5);
  expect(reports.map(({ reason }) => reason)).toEqual(count === 0 ? [] : ['1 failed attempt, the last: HTTP 429']);
});

test('it is reported once when it takes alerts again, and only if the trouble was reported', () => {
  const { state, now } = refuse(3, minute);
  const after = afterTaken(channel, state, now);
  expect(after.reports.map(({ id, is }) => [id, is])).toEqual([
    [`${channel}@2026-11-22T05:00:00Z#2-undelivered`, 'up'],
  ]);
  expect(after).toMatchObject({ attempts: 0, failingSince: null, reported: false, lastError: null });
  expect(afterTaken(channel, after, now).reports).toEqual([]);
  expect(afterTaken(channel, refuse(2, minute).state, now).reports).toEqual([]);
});

test('after a day a delivery is given up, and that is reported', () => {
  const { givenUp, reports } = refuse(25, 1 * hours);
  expect(givenUp).toEqual(pending.map(({ key }) => key));
  expect(reports).toHaveLength(2);
  expect(reports[1]).toMatch(/@2026-11-22T05:00:00Z#given-up-1-[0-9a-f]{8}$/);
});

test('a delivery that was made later is kept for a day of its own', () => {
  const { state } = refuse(24, 1 * hours);
  const young = deliveryOf(alertAt(23 * 60, 'down', 'b'));
  const all = [...pending, young];
  const after = afterRefused(channel, state, refused, all, start + 25 * hours, 0.5);
  expect(keysGivenUp(after, all)).toEqual(pending.map(({ key }) => key));
});

test('nothing is given up on the first attempt, however old it is', () => {
  expect(afterRefused(channel, NEW_CHANNEL, refused, pending, start + 100 * hours, 0.5).giveUpBefore).toBeNull();
});

test('the wait is jittered, doubles, and is bounded', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, random) => {
        const wait = retryWait(attempts, null, random);
        expect(wait).toBeGreaterThanOrEqual(1000);
        expect(wait).toBeLessThanOrEqual(Math.max(1000, Math.min(300_000, 5000 * 2 ** (attempts - 1))));
      },
    ),
  );
  expect([1, 2, 3].map((attempts) => retryWait(attempts, null, 0.999))).toEqual([4995, 9990, 19_980]);
});

test.each([
  ['1', 1000],
  [' 120 ', 120_000],
  [new Date(start + 90_000).toUTCString(), 90_000],
  [new Date(start - 90_000).toUTCString(), 0],
  ['-5', null],
  ['soon', null],
  ['2026', 2_026_000],
  [null, null],
])('Retry-After: %s is %s ms', (header, expected) => {
  expect(retryAfterOf(header, start)).toBe(expected);
});

test('Retry-After is honoured, up to an hour', () => {
  expect(retryWait(9, 2000, 0.9)).toBe(2000);
  expect(retryWait(1, 86_400_000, 0.9)).toBe(3_600_000);
  const state = afterRefused(channel, NEW_CHANNEL, { ...refused, retryAfter: 30_000 }, pending, start, 0.5);
  expect(state).toMatchObject({ next: start + 30_000, failingSince: isoSeconds(start), lastError: 'HTTP 404' });
});
