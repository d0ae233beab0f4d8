import { stripVTControlCharacters } from 'node:util';
import { highest } from './extremes.ts';
import type { Screen } from './screen.ts';

/** Columns of the widest line; colour takes none. */
export function widthOf(lines: readonly string[]): number {
  return highest(
    lines.map((line) => stripVTControlCharacters(line).length),
    0,
  );
}

/**
 * Of several ways to show the same, the fullest first, the first that fits on the terminal; the last where none does, and
 * the first where output is piped.
 * @param spare columns that must be left beside it
 */
export function firstThatFits<Way>(
  ways: readonly Way[],
  linesOf: (way: Way) => readonly string[],
  screen: Screen,
  spare = 0,
): { readonly way: Way; readonly lines: readonly string[] } {
  const [way, ...narrower] = ways;
  if (way === undefined) throw new Error('there must be a way to show it');
  const lines = linesOf(way);
  if (!screen.drawing || narrower.length === 0 || widthOf(lines) + spare <= screen.width) return { way, lines };
  return firstThatFits(narrower, linesOf, screen, spare);
}
