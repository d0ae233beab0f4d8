import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordedSample, RoundSample } from '../../../lambda/history/packing/recorded-round.ts';
import { columnSpans } from '../../../lambda/history/rollup/column-spans.ts';
import { isHourColumn, packColumn } from '../../../lambda/history/rollup/hour-column.ts';
import {
  delayOf,
  mergeWatched,
  packSpans,
  unpackSpans,
  type WatchedSpan,
  watchedSpans,
} from '../../../lambda/history/rollup/watched-spans.ts';
import { healthy, refused } from '../samples.ts';

const hour = '2026-11-22T05';
const start = Date.parse(`${hour}:00:00Z`);
const timeOf = (second: number) => new Date(start + second * 1000).toISOString().replace('.000Z', 'Z');
const sampleOf = (outcome: string): RecordedSample =>
  ({ ...(outcome === 'fail' ? refused : healthy), outcome }) as RecordedSample;

const round = fc.record({
  step: fc.oneof({ weight: 4, arbitrary: fc.constant(60) }, fc.integer({ min: 1, max: 400 })),
  delay: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 4 }) }, fc.integer({ min: -5, max: 200 })),
  outcome: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('pass', 'fail') }, fc.constantFrom('warn', 'unable')),
  fresh: fc.oneof({ weight: 6, arbitrary: fc.constant(150) }, fc.integer({ min: 10, max: 300 })),
  late: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, fc.integer({ min: 1, max: 90 })),
});
const rounds = fc.array(round, { minLength: 1, maxLength: 25 }).map((all) => {
  let second = -1;
  return all.flatMap(({ step, delay, outcome, fresh, late }): RoundSample[] => {
    second += step;
    const sample = { ...sampleOf(outcome), ...(late === undefined ? {} : { late }) };
    return second >= 3600 ? [] : [{ round: timeOf(second), began: timeOf(second + delay), fresh, sample }];
  });
});

/** The spans of rounds as they are stored before they are rolled up. */
function spansOf(all: readonly RoundSample[]): readonly WatchedSpan[] {
  const watched = all.map(({ sample: { outcome, late }, ...one }) => {
    return { round: one.round, outcome, delay: delayOf(one, 0), fresh: one.fresh, late };
  });
  return watchedSpans(watched, 0);
}

describe('the column of an hour', () => {
  test('has the watched time of its rounds, to the second', () => {
    fc.assert(
      fc.property(rounds, (all) => {
        const column = packColumn(all, hour);
        expect(isHourColumn(JSON.parse(JSON.stringify(column)))).toBe(true);
        expect(columnSpans(column, hour, 0)).toEqual(spansOf(all));
      }),
      { numRuns: 1000 },
    );
  });

  const hourly = (delays: readonly number[], outcomes: readonly string[] = []): readonly RoundSample[] =>
    Array.from({ length: 60 }, (_, minute) => ({
      round: timeOf(minute * 60),
      began: timeOf(minute * 60 + (delays[minute] ?? 0)),
      fresh: 150,
      sample: sampleOf(outcomes[minute] ?? 'pass'),
    }));

  test.each<[string, readonly number[], readonly string[], string | undefined, readonly WatchedSpan[]]>([
    ['no delay', [], [], undefined, [{ from: 0, to: 3690 }]],
    ['a late start', [23], [], '23 0*59', [{ from: 23, to: 3690 }]],
    ['a delay in each round', Array(60).fill(21), [], '21 0*58 21', [{ from: 21, to: 3711 }]],
    ['a delay within', [0, 0, 4, 1], [], undefined, [{ from: 0, to: 3690 }]],
    ['never up', [23], Array(60).fill('fail'), '23 0*59', [{ from: 23, to: 3690, upFrom: 3690 }]],
    [
      'up with the third round',
      [23, 1, 2, 3],
      ['fail', 'fail', 'pass'],
      '23 0 2 0*57',
      [{ from: 23, to: 3690, upFrom: 122 }],
    ],
  ])('%s', (_, delays, outcomes, text, spans) => {
    const all = hourly(delays, outcomes);
    const column = packColumn(all, hour);
    expect(column.delays).toBe(text);
    const inSeconds = columnSpans(column, hour, 0).map((span) =>
      Object.fromEntries(Object.entries(span).map(([name, at]) => [name, (at - start) / 1000])),
    );
    expect(inSeconds).toEqual(spans);
  });

  test('of a version that did not keep delays begins with the name of the round', () => {
    const { delays: _, ...older } = packColumn(hourly([23], Array(60).fill('fail')), hour);
    const to = start + 3690 * 1000;
    expect(columnSpans(older, hour, 0)).toEqual([{ from: start, to, upFrom: to }]);
  });
});

test('a probe begins within the time for which its round counts, or else when the round was due', () => {
  const delay = (began: string) => delayOf({ round: timeOf(0), began, fresh: 150 }, 0);
  expect([-3600, -1, 0, 1, 150, 151, 9000].map((second) => delay(timeOf(second)))).toEqual([0, 0, 0, 1, 150, 0, 0]);
  expect(delayOf({ round: timeOf(0) }, 150)).toBe(0);
  expect(delayOf({ round: '2026-11-22T05:08:31.042817263Z', began: '2026-11-22T05:08:33Z' }, 150)).toBe(2);
});

describe('the spans of a day', () => {
  const at = fc.integer({ min: 0, max: 90_000 }).map((second) => start + second * 1000);
  const spans: fc.Arbitrary<readonly WatchedSpan[]> = fc.array(
    fc
      .tuple(at, fc.integer({ min: 1, max: 9000 }), fc.option(fc.integer({ min: 1, max: 9000 })))
      .map(([from, length, wait]) => {
        const to = from + length * 1000;
        return { from, to, ...(wait === null ? {} : { upFrom: Math.min(to, from + wait * 1000) }) };
      }),
    { maxLength: 12 },
  );

  test('are the same after packing, and in any parts and order', () => {
    fc.assert(
      fc.property(spans, fc.nat(12), (all, cut) => {
        const merged = mergeWatched(all);
        expect(unpackSpans(packSpans(merged, start), start)).toEqual(merged);
        const parts = [mergeWatched(all.slice(cut)), mergeWatched(all.slice(0, cut))];
        expect(mergeWatched(parts.flat())).toEqual(merged);
      }),
    );
  });

  test('are read by a version that knows two numbers, and its days are read', () => {
    const text = packSpans(
      [
        { from: start, to: start + 60_000, upFrom: start + 20_000 },
        { from: start + 90_000, to: start + 120_000 },
      ],
      start,
    );
    expect(text).toBe('0-60-20 90-120');
    expect(unpackSpans('0-37850 41400-86550', start)).toEqual([
      { from: start, to: start + 37_850_000 },
      { from: start + 41_400_000, to: start + 86_550_000 },
    ]);
    // As that version reads a span.
    const [from, to] = '0-60-20'.split('-').map(Number);
    expect([from, to]).toEqual([0, 60]);
  });
});
