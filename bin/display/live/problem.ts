import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { Screen } from '../layout/screen.ts';
import type { PaintedText } from '../layout/wrap.ts';
import type { LiveProblem } from './live-view.ts';

/** `06:09:48 UTC  error: judge failed; …` */
export function problemParts(
  { level, text }: LiveProblem,
  { paint }: Screen,
  now = Date.now(),
): readonly PaintedText[] {
  const colour = level === 'error' ? paint.red : paint.yellow;
  const word = level === 'error' ? 'error' : 'warning';
  return [
    { text: `${isoSeconds(now).slice(11, 19)} UTC`, paint: paint.dim },
    { text: '  ' },
    { text: `${word}: ${text}`, paint: colour },
  ];
}
