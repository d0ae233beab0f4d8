import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Hours, isWithinHours } from '../../../lambda/calendar/hours.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { spansWithinHours } from '../../../lambda/reports/months/service-hours.ts';

const WORK = { days: [1, 2, 3, 4, 5], from: 8 * 60, to: 18 * 60 };
const ALWAYS = { days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 };

test.each<[string, Hours, string, string, readonly string[]]>([
  [
    'two days of work, in summer time',
    { zone: 'Europe/Berlin', spans: [WORK] },
    '2026-06-05T00:00:00Z',
    '2026-06-09T00:00:00Z',
    ['2026-06-05T06:00:00Z/2026-06-05T16:00:00Z', '2026-06-08T06:00:00Z/2026-06-08T16:00:00Z'],
  ],
  [
    'a span that is cut off at both ends',
    { zone: 'UTC', spans: [WORK] },
    '2026-11-26T09:30:00Z',
    '2026-11-26T12:00:00Z',
    ['2026-11-26T09:30:00Z/2026-11-26T12:00:00Z'],
  ],
  [
    'over midnight, from the day before on',
    { zone: 'UTC', spans: [{ days: [3], from: 22 * 60, to: 30 * 60 }] },
    '2026-11-26T00:00:00Z',
    '2026-11-27T00:00:00Z',
    ['2026-11-26T00:00:00Z/2026-11-26T06:00:00Z'],
  ],
  [
    'an hour that the clock repeats counts twice',
    { zone: 'Europe/Berlin', spans: [{ days: [7], from: 2 * 60, to: 3 * 60 }] },
    '2026-10-24T00:00:00Z',
    '2026-10-26T00:00:00Z',
    ['2026-10-25T00:00:00Z/2026-10-25T02:00:00Z'],
  ],
  [
    'an hour that it skips does not count',
    { zone: 'Europe/Berlin', spans: [{ days: [7], from: 2 * 60, to: 3 * 60 }] },
    '2026-03-28T00:00:00Z',
    '2026-03-30T00:00:00Z',
    [],
  ],
  [
    'always',
    { zone: 'UTC', spans: [ALWAYS] },
    '2026-11-01T00:00:00Z',
    '2026-12-01T00:00:00Z',
    ['2026-11-01T00:00:00Z/2026-12-01T00:00:00Z'],
  ],
  ['never', { zone: 'UTC', spans: [] }, '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', []],
])('%s', (_, hours, from, to, expected) => {
  const spans = spansWithinHours(hours, { from: Date.parse(from), to: Date.parse(to) });
  expect(spans.map((span) => `${isoSeconds(span.from)}/${isoSeconds(span.to)}`)).toEqual(expected);
});

test('a minute is in a span if it is within the hours', () => {
  const span = fc
    .tuple(fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }), fc.nat(1439), fc.integer({ min: 1, max: 2000 }))
    .map(([days, from, length]) => ({ days, from, to: from + length }));
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
  const day = Date.parse('2026-03-20T00:00:00Z');
  fc.assert(
    fc.property(zone, fc.array(span, { maxLength: 3 }), fc.nat(300), fc.nat(4000), (name, spans, days, minutes) => {
      const hours = { zone: name, spans };
      const from = day + days * 86_400_000;
      const to = from + minutes * 60_000;
      const found = spansWithinHours(hours, { from, to });
      for (let at = from; at < to; at += 7 * 60_000) {
        const isIn = found.some((one) => one.from <= at && one.to > at);
        expect([isoSeconds(at), isIn]).toEqual([isoSeconds(at), isWithinHours(hours, at)]);
      }
    }),
    { numRuns: 60 },
  );
});
