import type { Sample } from '../../../lambda/smtp/sample/sample.ts';
import { sessionPhases } from '../../../lambda/smtp/sample/session-phases.ts';
import type { Screen } from '../layout/screen.ts';

/** Eighths of a column, from none to seven. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** One line per phase: name, milliseconds, and a bar that starts at the end of the previous phase. */
export function waterfall(sample: Pick<Sample, 'timings' | 'total'>, screen: Screen): readonly string[] {
  const { counted, quit } = sessionPhases(sample);
  const phases = quit === null ? counted : [...counted, ['then quit', quit] as const];
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
