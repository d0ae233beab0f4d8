import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packNumbers } from '../../../lambda/history/packing/column-packing.ts';
import { SHARD_VERSION, type SummaryShard } from '../../../lambda/reports/history-shards/shard.ts';
import { hourOrDayLines, rankOf, roundLines } from '../../../web/history/chart-lines.ts';
import { START, session } from './sessions.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function hours(names: readonly string[], p50: readonly (number | null)[]): SummaryShard {
  return {
    version: SHARD_VERSION,
    target: 'mx1',
    from: '2026-11-22T00:00:00Z',
    to: '2026-11-23T00:00:00Z',
    incidents: [],
    windows: [],
    grain: 'hour',
    spans: names.map((hour) => `2026-11-22T${hour}`),
    vantages: {
      'eu-west-1': { p50: packNumbers(p50), p95: packNumbers(p50), counts: {}, phases: { tls: packNumbers(p50) } },
    },
    all: { p50: packNumbers(p50), p95: packNumbers(p50.map((value) => value && value * 2)) },
  };
}

test('a line for each vantage, in the order of the page; a failure interrupts it, a round of others alone does not', () => {
  const other = { vantage: 'us-east-1', total: 90 };
  const { times, lines, band } = roundLines(
    [
      session(0),
      session(0, other),
      session(1, { outcome: 'fail', total: 5 }),
      session(1, other),
      // A second opinion.
      session(1.5, { total: 44 }),
      session(2),
      session(2, other),
    ],
    null,
    ['us-east-1'],
  );
  expect(times).toEqual([0, 60, 90, 120].map((second) => START / 1000 + second));
  expect(lines).toEqual([
    { name: 'us-east-1', values: [90, 90, undefined, 90] },
    { name: 'eu-west-1', values: [43, null, 44, 43] },
  ]);
  expect(band).toBeNull();
});

test('lines are not drawn over a time in which nobody looked', () => {
  const { times, lines } = roundLines(
    [0, 1, 2, 60, 61].map((minute) => session(minute)),
    null,
  );
  expect(lines[0]?.values).toEqual([43, 43, 43, null, 43, 43]);
  expect(times[3]).toBe(START / 1000 + 180);
});

test('by phase: the phases of one vantage, in the order of a session', () => {
  const { lines } = roundLines([session(0), session(0, { vantage: 'us-east-1', timings: { tls: 9 } })], 'eu-west-1');
  expect(lines).toEqual([
    { name: 'connect', values: [12] },
    { name: 'greeting', values: [31] },
    { name: 'quit', values: [5] },
  ]);
});

test('hours: those of the shard, then those of sessions that are in none, from the beginning of the time on', () => {
  const sessions = [
    session(119, { total: 999 }),
    session(120, { total: 50 }),
    session(121, { total: 70 }),
    session(122),
  ];
  const { times, lines, band } = hourOrDayLines([hours(['00', '01'], [40, 41])], sessions, null, START + HOUR);
  expect(times).toEqual([1, 2].map((hour) => (START + hour * HOUR) / 1000));
  expect(lines).toEqual([{ name: 'eu-west-1', values: [41, 50] }]);
  expect(band).toEqual({ low: [41, 50], high: [82, 70] });
});

test('days by phase have no band, which is of whole sessions', () => {
  expect(hourOrDayLines([hours(['00'], [40])], [], 'eu-west-1', 0)).toMatchObject({
    lines: [{ name: 'tls', values: [40] }],
    band: null,
  });
});

test('a percentile is a value of the list, with the share of the others below it', () => {
  expect(rankOf([], 0.5)).toBeNull();
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, share) => {
        const found = rankOf(values, share) ?? Number.NaN;
        expect(values).toContain(found);
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * values.length - 1e-9);
      },
    ),
  );
});
