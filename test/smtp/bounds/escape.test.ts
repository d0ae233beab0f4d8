import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeForDisplay, escapeLines } from '../../../lambda/smtp/bounds/escape.ts';

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
  ['soft hyphen', 'pay\u00adpal', 'pay\\xadpal'],
  ['Mongolian vowel separator', 'a\u180eb', 'a\\u{180e}b'],
  ['Hangul fillers', 'a\u115f\u1160\u3164\uffa0b', 'a\\u{115f}\\u{1160}\\u{3164}\\u{ffa0}b'],
  ['combining grapheme joiner', 'a\u034fb', 'a\\u{34f}b'],
  ['variation selectors', 'a\ufe00\ufe0f\u{e0100}b', 'a\\u{fe00}\\u{fe0f}\\u{e0100}b'],
  ['invisible operators', 'f\u2061\u2062\u2063\u2064x', 'f\\u{2061}\\u{2062}\\u{2063}\\u{2064}x'],
  ['deprecated format characters', 'a\u206a\u206fb', 'a\\u{206a}\\u{206f}b'],
  ['interlinear annotation', 'a\ufff9b', 'a\\u{fff9}b'],
])('%s', (_, text, shown) => {
  expect(escapeForDisplay(text)).toBe(shown);
});

test('the result has no control characters, and escaping is idempotent', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = escapeForDisplay(text);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u);
      expect(Buffer.from(shown).toString()).toBe(shown);
      expect(escapeForDisplay(shown)).toBe(shown);
    }),
  );
});

test('lines stay lines', () => {
  expect(escapeLines('a\x1b[2J\nb\r\n\tc')).toBe('a\\x1b[2J\nb\\r\n\\tc');
});
