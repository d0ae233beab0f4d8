import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DeliveryRules, EACH_AT_ONCE } from '../../../../lambda/alert/delivery/delivery-rules.ts';
import { allowsMessage, roomFor } from '../../../../lambda/alert/delivery/limits/message-limit.ts';
import type { Alert, AlertKind } from '../../../../lambda/consensus/judgement/incident.ts';
import { causedAt, GROUPED, runChannel, type Told, timesBySubject, wordsOf } from '../channel-run.ts';
import { minute, start } from '../deliveries.ts';

const HOUR = 60 * minute;
const minutesAgo = (...minutes: readonly number[]) => minutes.map((each) => start - each * minute);

test.each([
  ['nothing was sent', [], { kind: 'free' }],
  ['the last one that may be anything', [50, 40, 30, 20, 10], { kind: 'last' }],
  [
    'the quarter for first pages begins',
    [50, 40, 30, 20, 10, 5],
    { kind: 'pages', from: start, until: start + 10 * minute },
  ],
  [
    'the second of the quarter waits for half an hour',
    [50, 40, 30, 20, 10, 5, 1],
    { kind: 'pages', from: start + 29 * minute, until: start + 20 * minute },
  ],
  ['none is left', [50, 40, 30, 20, 10, 5, 2, 1], { kind: 'none', until: start + 10 * minute }],
  ['what is an hour old no longer counts', [60, 61, 40, 30, 20, 10], { kind: 'free' }],
])('of 8 an hour: %s', (_, ago, room) => {
  expect(roomFor(minutesAgo(...ago), 8, start)).toEqual(room);
});

test('a limit below four keeps nothing for first pages', () => {
  for (const limit of [1, 2, 3])
    expect(roomFor(minutesAgo(1).slice(0, limit - 1), limit, start).kind).not.toBe('pages');
  expect(allowsMessage(roomFor([], 1, start), false, start)).toBe(true);
});

const limited = (limit: number, rules: DeliveryRules = EACH_AT_ONCE): DeliveryRules => ({ ...rules, limit });
const each = (count: number, kind: AlertKind, seconds: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => causedAt(seconds(at), kind, `t${at}`, []));

test('what is above the limit is a number in the last messages, and a first page is not late', () => {
  const alerts = [...each(30, 'down', (at) => at * 10), causedAt(1800, 'down', 'late', [])];
  const words = runChannel(alerts, limited(8)).told.map(wordsOf);
  expect(words).toEqual([
    '0 down t0 (1)',
    '10 down t1 (1)',
    '20 down t2 (1)',
    '30 down t3 (1)',
    '40 down t4 (1)',
    '50 down t5 (1)',
    '60 down t6 (1)',
    '1860 digest digest (24)',
  ]);
});

test('a recovery of what was told is not a number beside a first page', () => {
  const alerts = [
    ...each(5, 'down', (at) => at),
    ...each(4, 'degraded', (at) => 10 + at),
    causedAt(20, 'recovered', 't0', []),
    causedAt(30, 'down', 'new', []),
  ];
  const told = runChannel(alerts, limited(8)).told;
  expect(told.map(wordsOf).slice(-3)).toEqual(['10 degraded t0 (1)', '30 down new (4) +3', '3601 recovered t0 (1)']);
});

/** Messages in the fullest hour. */
function fullestHour(told: readonly Told[]): number {
  const times = told.filter(({ message }) => message.edits === undefined).map(({ at }) => at);
  return Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other < at + HOUR).length));
}

const anyAlerts = fc
  .array(
    fc.record({
      target: fc.integer({ min: 0, max: 40 }),
      at: fc.integer({ min: 0, max: 3 * 3600 }),
      length: fc.integer({ min: 1, max: 3600 }),
      cause: fc.constantFrom([], ['address:192.0.2.7'], ['network:192.0.2.0/24', 'code:a@b']),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((outages) => {
    const next = new Map<number, number>();
    return outages.flatMap(({ target, at, length, cause }): Alert[] => {
      const begin = Math.max(at, (next.get(target) ?? 0) + 1);
      next.set(target, begin + length + 1);
      const of = (seconds: number, kind: AlertKind) => causedAt(seconds, kind, `t${target}`, cause, begin);
      return [of(begin, 'down'), of(begin + length, 'recovered')];
    });
  });
const anyLimited = fc
  .record({
    limit: fc.integer({ min: 1, max: 30 }),
    rules: fc.constantFrom(EACH_AT_ONCE, GROUPED, { ...GROUPED, canEdit: true }),
  })
  .map(({ limit, rules }) => limited(limit, rules));

test('never more than the limit in any hour; every alert is in one message, or in the number of one', () => {
  fc.assert(
    fc.property(anyAlerts, anyLimited, (alerts, rules) => {
      const { told } = runChannel(alerts, rules);
      expect(fullestHour(told)).toBeLessThanOrEqual(rules.limit);
      const covered = told.flatMap(({ message }) => message.covers.map(({ alert }) => alert));
      expect(covered).toHaveLength(alerts.length);
      expect(new Set(covered)).toEqual(new Set(alerts));
      for (const { message } of told) {
        const named = message.covers.length - (message.more?.count ?? 0);
        expect(named).toBeGreaterThan(0);
        if (message.alert.digest !== undefined) expect(message.alert.digest.count).toBe(named);
      }
    }),
  );
});

test('nothing waits for longer than two hours, and alerts of a target stay in order', () => {
  fc.assert(
    fc.property(anyAlerts, anyLimited, (alerts, rules) => {
      const last = new Map<string, number>();
      for (const one of runChannel(alerts, rules).told)
        for (const [subject, times] of timesBySubject(one)) {
          expect(one.at - Math.min(...times)).toBeLessThanOrEqual(2 * HOUR + 5 * minute);
          expect(Math.min(...times)).toBeGreaterThanOrEqual(last.get(subject) ?? 0);
          last.set(subject, Math.max(...times));
        }
    }),
  );
});

test('of 20 an hour, no first page waits for longer than 12 minutes unless others took the quarter', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 * 3600 }), { minLength: 1, maxLength: 200 }), (times) => {
      const alerts = times.map((seconds, at) => causedAt(seconds, 'down', `t${at}`, []));
      for (const { at, message } of runChannel(alerts, limited(20)).told)
        for (const { alert } of message.covers) expect(at - Date.parse(alert.at)).toBeLessThanOrEqual(12 * minute);
    }),
  );
});
