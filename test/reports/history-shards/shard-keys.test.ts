import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hourName } from '../../../lambda/history/rollup/hour-and-day-names.ts';
import {
  changedShards,
  shardKeyAt,
  shardKeysBetween,
  spanOfShard,
} from '../../../lambda/reports/history-shards/shard-keys.ts';

const DAY = 86_400_000;
const times = fc.integer({ min: Date.parse('2024-01-01T00:00:00Z'), max: Date.parse('2031-01-01T00:00:00Z') });
const grains = fc.constantFrom('round' as const, 'hour' as const, 'day' as const);

test('each time is in one shard of a grain, and shards touch', () => {
  fc.assert(
    fc.property(grains, times, (grain, at) => {
      const { from, to } = spanOfShard(shardKeyAt(grain, at));
      expect(from <= at && at < to).toBe(true);
      expect(shardKeyAt(grain, to).first).not.toBe(shardKeyAt(grain, at).first);
      expect(spanOfShard(shardKeyAt(grain, to)).from).toBe(to);
    }),
  );
});

test.each([
  ['round', '2026-11-26T23:59:59Z', '2026-11-26', 1],
  ['hour', '2026-11-08T00:00:00Z', '2026-11-01', 8],
  ['hour', '2026-11-26T10:00:00Z', '2026-11-25', 6],
  ['hour', '2026-10-31T10:00:00Z', '2026-10-25', 7],
  ['day', '2024-02-29T10:00:00Z', '2024-02-01', 29],
] as const)('%s at %s', (grain, at, first, days) => {
  const key = shardKeyAt(grain, Date.parse(at));
  expect(key).toEqual({ grain, first });
  const { from, to } = spanOfShard(key);
  expect((to - from) / DAY).toBe(days);
});

test('the hours of seven days are in three shards at most', () => {
  fc.assert(
    fc.property(times, (to) => {
      expect(shardKeysBetween('hour', { from: to - 7 * DAY, to }).length).toBeLessThanOrEqual(3);
    }),
  );
});

const names = (keys: ReturnType<typeof changedShards>) => keys.map(({ grain, first }) => `${grain} ${first}`).sort();

test.each([
  ['an hour within a day', '2026-11-26T05', '2026-11-26T06', ['round 2026-11-26']],
  [
    'the last hour of a day',
    '2026-11-26T22',
    '2026-11-26T23',
    ['day 2026-11-01', 'hour 2026-11-25', 'round 2026-11-26'],
  ],
  [
    'the first hour of the next, which may have brought late rounds of the last',
    '2026-11-26T23',
    '2026-11-27T00',
    ['day 2026-11-01', 'hour 2026-11-25', 'round 2026-11-26', 'round 2026-11-27'],
  ],
  ['the same hour again', '2026-11-26T06', '2026-11-26T06', []],
  [
    'days that were missed, over the end of a month',
    '2026-11-29T20',
    '2026-12-02T01',
    [
      'day 2026-11-01',
      'day 2026-12-01',
      'hour 2026-11-25',
      'hour 2026-12-01',
      'round 2026-11-29',
      'round 2026-11-30',
      'round 2026-12-01',
      'round 2026-12-02',
    ],
  ],
])('a rollup changes %s', (_, before, through, expected) => {
  expect(names(changedShards(before, through))).toEqual(expected);
});

test('the first time, all shards within reach', () => {
  const keys = changedShards(null, '2026-11-26T06');
  const count = (grain: string) => keys.filter((key) => key.grain === grain).length;
  expect([count('round'), count('hour'), count('day')]).toEqual([9, 2, 14]);
});

test('hour after hour, every shard is written after it has ended, and never again', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 30, max: 80 }), (start, hours) => {
      const written = new Map<string, number>();
      for (let hour = 1; hour <= hours; hour += 1) {
        const [before, through] = [start + (hour - 1) * 3_600_000, start + hour * 3_600_000];
        for (const key of changedShards(hourName(before), hourName(through))) {
          const ended = Date.parse(`${hourName(through)}:00:00Z`) + 3_600_000;
          // Late rounds are added within an hour.
          expect(ended).toBeLessThan(spanOfShard(key).to + 3 * 3_600_000);
          written.set(`${key.grain} ${key.first}`, ended);
        }
      }
      const now = start + hours * 3_600_000;
      for (const key of shardKeysBetween('round', { from: start, to: now })) {
        const { to } = spanOfShard(key);
        if (to < now - 3_600_000) expect(written.get(`round ${key.first}`)).toBeGreaterThanOrEqual(to);
      }
    }),
    { numRuns: 50 },
  );
});
