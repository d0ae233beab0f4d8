import { expect, test } from 'vitest';
import { lastDayBefore } from '../../../web/history/shard-paths.ts';

const SHARDS = ['day/2026-11-01.json', 'hour/2026-11-17.json', 'round/2026-11-20.json', 'round/2026-11-26.json'];

test.each([
  ['2026-11-27', '2026-11-26'],
  ['2026-11-26', '2026-11-20'],
  ['2026-11-25', '2026-11-20'],
  ['2026-11-20', null],
])('the last day with rounds before %s is %s', (day, before) => {
  expect(lastDayBefore(day, SHARDS)).toBe(before);
});
