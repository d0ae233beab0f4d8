import { stripVTControlCharacters } from 'node:util';
import { highest } from './extremes.ts';
import { isBounded, type Screen } from './screen.ts';

/** Columns of the widest line, without colour codes. */
export function widthOf(lines: readonly string[]): number {
  return highest(
    lines.map((line) => stripVTControlCharacters(line).length),
    0,
  );
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
