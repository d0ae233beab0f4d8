import type { VantageSample } from '../../../lambda/history/packing/recorded-round.ts';
import { percentiles } from '../../../lambda/history/rollup/tally.ts';
import { highest } from '../layout/numbers.ts';
import { colourText, worstOutcome } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';

const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A sample with this multiple of the usual time has full height. The usual time has half the height. */
const FULL_HEIGHT = 2;

/**
 * One character per time slice. Its height is the slowest sample relative to the usual time of its vantage, its colour the
 * worst outcome. Empty if the output is piped.
 * @param from epoch milliseconds
 */
export function sparkline(
  samples: readonly VantageSample[],
  from: number,
  to: number,
  columns: number,
  screen: Screen,
): string {
  if (!screen.drawing) return '';
  const slices: VantageSample[][] = Array.from({ length: columns }, () => []);
  for (const one of samples) slices[Math.floor(((Date.parse(one.round) - from) / (to - from)) * columns)]?.push(one);
  const usual = usualTotals(samples);
  return slices.map((slice) => mark(slice, usual, screen)).join('');
}

/** The median per vantage, so that a distant vantage does not look slow. */
function usualTotals(samples: readonly VantageSample[]): ReadonlyMap<string, number> {
  const totals = new Map<string, number[]>();
  for (const { vantage, sample } of samples) {
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
  const level = Math.ceil((slowest / FULL_HEIGHT) * LEVELS.length) - 1;
  return colourText(worst, LEVELS[Math.max(0, Math.min(level, LEVELS.length - 1))] ?? '▁', paint);
}
