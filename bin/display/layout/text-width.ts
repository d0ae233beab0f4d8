import { stripVTControlCharacters } from 'node:util';
import { highest } from './numbers.ts';
import { isBounded, type Screen } from './screen.ts';

/** Columns of the widest line, without colour codes. */
export function widthOf(lines: readonly string[]): number {
  return highest(lines.map(columnsOf), 0);
}

/** Two columns: East Asian wide and full-width characters, and emoji (https://www.unicode.org/reports/tr11/). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}\u{20000}-\u{3fffd}]/u;

/** No column: a mark on the character before it. */
const MARK = /[\p{Mn}\p{Me}]/u;

/** How many columns of a terminal a text takes, without colour codes. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return Array.from(stripVTControlCharacters(text)).reduce((sum, one) => sum + columnsOfCharacter(one), 0);
}

function columnsOfCharacter(character: string): number {
  if (WIDE.test(character)) return 2;
  return MARK.test(character) ? 0 : 1;
}

/** The longest beginning of a text that takes at most so many columns. */
export function fitting(text: string, columns: number): string {
  let [fits, left] = ['', columns];
  for (const character of text) {
    left -= columnsOfCharacter(character);
    if (left < 0) break;
    fits += character;
  }
  return fits;
}

/** Cut to so many columns, with `…` at the end if it was cut. */
export function clipColumns(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${fitting(text, columns - 1)}…`;
}

/**
 * The first of several layouts, from the widest to the narrowest, that fits the terminal. The last one if none fits, and the
 * first one if the output is piped.
 * @param spare columns to leave free beside it
 */
export function firstThatFits<Layout>(
  layouts: readonly Layout[],
  linesOf: (layout: Layout, screen: Screen) => readonly string[],
  screen: Screen,
  spare = 0,
): { readonly layout: Layout; readonly lines: readonly string[] } {
  const [layout, ...narrower] = layouts;
  if (layout === undefined) throw new Error('at least one layout is needed');
  const lines = linesOf(layout, { ...screen, narrowerFollows: narrower.length > 0 });
  if (!isBounded(screen) || narrower.length === 0 || widthOf(lines) + spare <= screen.width) return { layout, lines };
  return firstThatFits(narrower, linesOf, screen, spare);
}
