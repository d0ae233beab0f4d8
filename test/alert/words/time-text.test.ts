import { expect, test } from 'vitest';
import { clockTime, durationText, fullTime, millisecondsBetween } from '../../../lambda/alert/words/time-text.ts';

test.each([
  [0, '0 s'],
  [999, '0 s'],
  [42_000, '42 s'],
  [720_000, '12 min'],
  [750_000, '12 min 30 s'],
  [11_100_000, '3 h 5 min'],
  [176_400_000, '2 d 1 h'],
])('%i ms is %s', (length, expected) => expect(durationText(length)).toBe(expected));

test('times are UTC; an invalid time is returned unchanged', () => {
  expect(clockTime('2026-11-22T05:08:59Z', '2026-11-22T23:00:00Z')).toBe('05:08 UTC');
  expect(clockTime('2026-11-22T05:08:59+02:00', '2026-11-23T00:00:00Z')).toBe('2026-11-22 03:08 UTC');
  expect(fullTime('2026-11-22T05:08:59Z')).toBe('2026-11-22 05:08:59 UTC');
  expect(fullTime('never')).toBe('never');
  expect(millisecondsBetween('never', '2026-11-22T05:08:59Z')).toBeNull();
});
