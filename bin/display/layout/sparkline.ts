import type { VantageSample } from '../../../lambda/history/packing/recorded-sample.ts';
import { percentiles } from '../../../lambda/history/rollup/tally.ts';
import { highest } from './extremes.ts';
import { colourText, worstOutcome } from './outcome.ts';
import type { Screen } from './screen.ts';

const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** What is usual is half as high as what takes twice as long: faster and slower are both seen. */
const HIGHEST = 2;

/**
 * One character per slice of time: its height the slowest probe against what is usual for its vantage, its colour the
 * worst outcome. Nothing where output is piped.
 * @param from epoch milliseconds
 */
export function sparkline(
  seen: readonly VantageSample[],
  from: number,
  to: number,
  columns: number,
  screen: Screen,
): string {
  if (!screen.drawing) return '';
  const slices: VantageSample[][] = Array.from({ length: columns }, () => []);
  for (const one of seen) slices[Math.floor(((Date.parse(one.round) - from) / (to - from)) * columns)]?.push(one);
  const usual = usualTotals(seen);
  return slices.map((slice) => mark(slice, usual, screen)).join('');
}

/** The median of each vantage: one across the world is not slow because it is far. */
function usualTotals(seen: readonly VantageSample[]): ReadonlyMap<string, number> {
  const totals = new Map<string, number[]>();
  for (const { vantage, sample } of seen) {
    if (sample.outcome === 'fail') continue;
    const known = totals.get(vantage);
    if (known === undefined) totals.set(vantage, [sample.total]);
    else known.push(sample.total);
  }
  return new Map([...totals].map(([vantage, all]) => [vantage, percentiles(all)?.[0] ?? 0]));
}

function mark(slice: readonly VantageSample[], usual: ReadonlyMap<string, number>, { paint }: Screen): string {
  const worst = worstOutcome(slice.map(({ sample }) => sample.outcome));
  if (worst === null) return paint.dim('·');
  if (worst === 'fail') return colourText(worst, '█', paint);
  const slowest = highest(
    slice.map(({ vantage, sample }) => sample.total / (usual.get(vantage) || sample.total)),
    0,
  );
  const level = Math.ceil((slowest / HIGHEST) * LEVELS.length) - 1;
  return colourText(worst, LEVELS[Math.max(0, Math.min(level, LEVELS.length - 1))] ?? '▁', paint);
}
