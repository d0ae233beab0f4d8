import { expect, test } from 'vitest';
import { PAGE_STYLE } from '../../../../web/pages/page-style.ts';
import { type ColourName, DARK, LIGHT, type Theme } from '../../../../web/pages/style/tokens.ts';
import { contrast } from '../../contrast.ts';

test.each([
  ['#000000', '#ffffff', 21],
  ['#777777', '#ffffff', 4.48],
])('contrast of %s and %s', (one, other, expected) => {
  expect(contrast(one, other)).toBeCloseTo(expected, 2);
});

const GROUNDS = ['ground', 'card'] as const;
const TINTS = ['up', 'degraded', 'down', 'unknown'] as const;
const SERIES = ['series0', 'series1', 'series2', 'series3', 'series4'] as const;

/** Text, WCAG 2.2 1.4.3. */
const TEXTS: readonly (readonly [ColourName, ColourName])[] = [
  ...GROUNDS.flatMap((ground) => (['ink', 'soft', 'link'] as const).map((text) => [text, ground] as const)),
  ...(['ink', 'soft'] as const).map((text) => [text, 'inset'] as const),
  ...TINTS.map((verdict) => [`${verdict}-text`, `${verdict}-tint`] as const),
  ...TINTS.map((verdict) => ['ink', `${verdict}-tint`] as const),
  ...TINTS.map((verdict) => [`${verdict}-text`, 'card'] as const),
  // The words of a day, on the colour of text.
  ['ground', 'ink'],
];

/** Marks, bars, lines and borders of controls, WCAG 2.2 1.4.11. */
const MARKS: readonly (readonly [ColourName, ColourName])[] = [
  ...TINTS.flatMap((verdict) => [[verdict, 'card'] as const, [verdict, `${verdict}-tint`] as const]),
  ...SERIES.map((line) => [line, 'card'] as const),
  ['unwatched', 'card'],
  ['control', 'card'],
  ['control', 'ground'],
  ['link', 'card'],
  // The foot of the bar of a day with downtime.
  ['ink', 'card'],
];

const THEMES: readonly (readonly [string, Theme])[] = [
  ['light', LIGHT],
  ['dark', DARK],
];

const pairs = (kind: string, least: number, all: typeof TEXTS) =>
  THEMES.flatMap(([name, theme]) => all.map(([one, other]) => [name, kind, one, other, least, theme] as const));

test.each([...pairs('text', 4.5, TEXTS), ...pairs('mark', 3, MARKS)])(
  '%s: %s %s on %s',
  (_, _kind, one, other, least, theme) => {
    expect(contrast(theme[one], theme[other])).toBeGreaterThanOrEqual(least);
  },
);

test('every colour of the style is a token', () => {
  const rules = PAGE_STYLE.slice(PAGE_STYLE.indexOf('* {'));
  expect(rules.match(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/gi) ?? []).toEqual([]);
  const used = [...PAGE_STYLE.matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name);
  const known = new Set([...PAGE_STYLE.matchAll(/^ *--([\w-]+):/gm)].map(([, name]) => name));
  expect([...new Set(used)].filter((name) => !known.has(name))).toEqual([]);
});
