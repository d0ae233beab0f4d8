import type { Sample } from '../../../lambda/smtp/sample/sample.ts';
import type { Screen } from '../layout/screen.ts';

/** Eighths of a column, from none to seven. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Less is not told apart from the rounding of the phases. Milliseconds. */
const LEAST_OTHER = 0.5;

/**
 * One line per phase: name, milliseconds, and a bar that starts at the end of the previous phase. They add up to the total: what
 * is of no phase is `other`. QUIT comes after the total.
 */
export function waterfall({ timings, total }: Pick<Sample, 'timings' | 'total'>, screen: Screen): readonly string[] {
  const { quit, ...counted } = timings;
  const other = total - Object.values(counted).reduce((sum, length) => sum + length, 0);
  const phases = [
    ...Object.entries(counted),
    ...(other < LEAST_OTHER || total === other ? [] : [['other', other] as const]),
    ...(quit === undefined ? [] : [['then quit', quit] as const]),
  ];
  const whole = phases.reduce((sum, [, length]) => sum + length, 0);
  const columns = Math.max(10, Math.min(60, screen.width - 30));
  let elapsed = 0;
  return phases.map(([phase, length]) => {
    const bar = barOf(elapsed, length, columns / Math.max(whole, 0.001), screen);
    elapsed += length;
    return `${phase.padEnd(12)}${milliseconds(length).padStart(10)}  ${bar}`;
  });
}

export function barOf(from: number, length: number, scale: number, { drawing, paint }: Screen): string {
  const start = Math.floor(from * scale);
  if (!drawing) return ' '.repeat(start) + '#'.repeat(Math.max(1, Math.round(length * scale)));
  const eighths = Math.max(1, Math.round(length * scale * 8));
  return ' '.repeat(start) + paint.cyan('█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7]);
}

/** `2.1 ms`, `104 ms`, `6.10 s`. */
export function milliseconds(length: number): string {
  if (length < 100) return `${length.toFixed(1)} ms`;
  return length < 10_000 ? `${Math.round(length)} ms` : `${(length / 1000).toFixed(1)} s`;
}
