import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiJson, clip, safeText } from '../../../lambda/alert/words/safe-text.ts';

test('clip and safeText keep their limit and do not cut characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, max) => {
      expect(safeText(text, max).length).toBeLessThanOrEqual(max);
      expect(clip(text, max)).not.toMatch(/\p{Cs}/u);
    }),
  );
});

test('asciiJson writes ASCII that parses to the same value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(asciiJson({ text })).toMatch(/^[ -~]*$/);
      expect(JSON.parse(asciiJson({ text }))).toEqual({ text });
    }),
  );
});
