import { expect, test } from 'vitest';
import { factsDue } from '../../lambda/history/facts.ts';

const minute = 60_000;

test.each([
  ['2026-11-22T05:00:00Z', minute, true],
  ['2026-11-22T05:01:00Z', minute, false],
  ['2026-11-22T05:59:00Z', minute, false],
  ['2026-11-22T05:00:05Z', 5_000, false],
  ['2026-11-22T05:04:00Z', 7 * minute, true],
  ['2026-11-22T05:11:00Z', 7 * minute, false],
])('round %s of every %d ms: %s', (round, every, due) => {
  expect(factsDue(round, every)).toBe(due);
});

test.each([5_000, minute, 5 * minute, 7 * minute, 45 * minute])('once an hour at rounds of %d ms', (every) => {
  const start = Math.ceil(Date.parse('2026-11-22T00:00:00Z') / every) * every;
  const rounds = Array.from({ length: (24 * 60 * minute) / every }, (_, n) =>
    new Date(start + n * every).toISOString(),
  );
  expect(rounds.filter((round) => factsDue(round, every))).toHaveLength(24);
});
