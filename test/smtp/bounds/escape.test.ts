import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';

test.each([
  ['plain ASCII', '220 mx1.example.com ESMTP', '220 mx1.example.com ESMTP'],
  ['text of the world', 'Grüße ✉ 日本', 'Grüße ✉ 日本'],
  ['line ends and tabs', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
  ['ANSI escapes', '\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
  ['C1 controls', '\x9b31m', '\\x9b31m'],
  ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
  ['bidi marks', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
  ['zero-width characters', 'a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
  ['line separators', 'a\u2028b', 'a\\u{2028}b'],
  ['lone surrogates', '\ud800', '\\u{d800}'],
  ['tags', 'a\u{e0041}', 'a\\u{e0041}'],
])('%s', (_, text, shown) => {
  expect(escapeForDisplay(text)).toBe(shown);
});

test('the result has no control characters, and escaping is idempotent', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = escapeForDisplay(text);
      expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
      expect(Buffer.from(shown).toString()).toBe(shown);
      expect(escapeForDisplay(shown)).toBe(shown);
    }),
  );
});
