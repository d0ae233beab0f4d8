import type { Sighting } from '../../lambda/history/rollup.ts';
import type { Outcome } from '../../lambda/smtp/sample.ts';
import { coloured } from './outcome.ts';
import type { Screen } from './screen.ts';

const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Worst last. */
const ORDER: readonly Outcome[] = ['pass', 'unable', 'warn', 'fail'];

/**
 * One character per slice of time: its height the slowest probe that passed, its colour the worst outcome. Nothing
 * where output is piped.
 * @param from epoch milliseconds
 */
export function sparkline(
  seen: readonly Sighting[],
  from: number,
  to: number,
  columns: number,
  screen: Screen,
): string {
  if (!screen.drawing) return '';
  const slices: Sighting[][] = Array.from({ length: columns }, () => []);
  for (const one of seen) slices[Math.floor(((Date.parse(one.round) - from) / (to - from)) * columns)]?.push(one);
  const highest = Math.max(1, ...seen.map(({ sample }) => sample.total));
  return slices.map((slice) => mark(slice, highest, screen)).join('');
}

function mark(slice: readonly Sighting[], highest: number, { paint }: Screen): string {
  const worst = worstOf(slice);
  if (worst === null) return paint.dim('·');
  if (worst === 'fail') return coloured(worst, '█', paint);
  const slowest = Math.max(...slice.map(({ sample }) => sample.total));
  return coloured(worst, LEVELS[Math.min(7, Math.floor((slowest / highest) * 8))] ?? '▁', paint);
}

function worstOf(slice: readonly Sighting[]): Outcome | null {
  const at = Math.max(-1, ...slice.map(({ sample }) => ORDER.indexOf(sample.outcome)));
  return ORDER[at] ?? null;
}
