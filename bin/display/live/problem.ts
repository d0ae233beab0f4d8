import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { Screen } from '../layout/screen.ts';
import type { LiveProblem } from './live-view.ts';

/** `06:09:48 UTC  error: judge failed; …` */
export function problemLine({ level, text }: LiveProblem, { paint }: Screen, now = Date.now()): string {
  const colour = level === 'error' ? paint.red : paint.yellow;
  const word = level === 'error' ? 'error' : 'warning';
  return `${paint.dim(`${isoSeconds(now).slice(11, 19)} UTC`)}  ${colour(`${word}: ${text}`)}`;
}
