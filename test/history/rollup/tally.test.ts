import { expect, test } from 'vitest';
import { percentiles } from '../../../lambda/history/rollup/tally.ts';

test.each([
  [[], null],
  [[5], [5, 5, 5]],
  [Array.from({ length: 100 }, (_, n) => 100 - n), [50, 95, 99]],
  [Array.from({ length: 1000 }, (_, n) => n + 1), [500, 950, 990]],
])('percentiles by nearest rank', (values, expected) => {
  expect(percentiles(values)).toEqual(expected);
});
