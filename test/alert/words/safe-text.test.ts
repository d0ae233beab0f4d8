import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiJson, clip, safeText } from '../../../lambda/alert/words/safe-text.ts';
import { clockTime, durationText, fullTime, millisecondsBetween } from '../../../lambda/alert/words/time-text.ts';

test('clip and shown keep their bound and whole characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, max) => {
      expect(safeText(text, max).length).toBeLessThanOrEqual(max);
      expect(clip(text, max)).not.toMatch(/\p{Cs}/u);
    }),
  );
});

test.each([
  [0, '0 s'],
  [999, '0 s'],
  [42_000, '42 s'],
  [720_000, '12 min'],
  [750_000, '12 min 30 s'],
  [11_100_000, '3 h 5 min'],
  [176_400_000, '2 d 1 h'],
])('span of %i ms is %s', (length, expected) => expect(durationText(length)).toBe(expected));

test('times are UTC, and what is no time is passed on', () => {
  expect(clockTime('2026-11-22T05:08:59Z', '2026-11-22T23:00:00Z')).toBe('05:08 UTC');
  expect(clockTime('2026-11-22T05:08:59+02:00', '2026-11-23T00:00:00Z')).toBe('2026-11-22 03:08 UTC');
  expect(fullTime('2026-11-22T05:08:59Z')).toBe('2026-11-22 05:08:59 UTC');
  expect(fullTime('never')).toBe('never');
  expect(millisecondsBetween('never', '2026-11-22T05:08:59Z')).toBeNull();
});

test('JSON in ASCII reads back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(asciiJson({ text })).toMatch(/^[ -~]*$/);
      expect(JSON.parse(asciiJson({ text }))).toEqual({ text });
    }),
  );
});
