import { expect, test } from 'vitest';
import { ageText } from '../../../../web/script/overview/ages.ts';
import { wordsOf } from '../../../../web/script/overview/filter.ts';

const now = Date.parse('2026-11-26T09:12:20Z');

test.each([
  ['2026-11-26T09:12:20Z', 'just now'],
  ['2026-11-26T09:12:21Z', 'just now'],
  ['2026-11-26T09:12:00Z', '20 s ago'],
  ['2026-11-26T08:00:00Z', '1 h 12 min ago'],
  ['', null],
])('the age of %s is %s', (at, text) => {
  expect(ageText(at, now)).toBe(text);
});

test.each([
  ['', []],
  ['  ', []],
  ['MX1', ['mx1']],
  [' customer  mx ', ['customer', 'mx']],
])('words of %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});
