import type { Verdict } from '../../../lambda/consensus/judgement/verdict.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import { highest } from './extremes.ts';
import type { Paint } from './screen.ts';

/** Best first. */
export const OUTCOMES: readonly Outcome[] = ['pass', 'warn', 'fail', 'unable'];

type Colour = 'green' | 'yellow' | 'red' | 'magenta';

const COLOURS: Readonly<Record<Outcome | Verdict, Colour>> = {
  pass: 'green',
  up: 'green',
  warn: 'yellow',
  degraded: 'yellow',
  fail: 'red',
  down: 'red',
  unable: 'magenta',
  unknown: 'magenta',
};

/** A text in the colour of an outcome or verdict. */
export function colourText(of: Outcome | Verdict, text: string, paint: Paint): string {
  return paint[COLOURS[of]](text);
}

/** Worst last: what a vantage could not see says less than what another saw. */
const ORDER: readonly Outcome[] = ['pass', 'unable', 'warn', 'fail'];

/** Null where there is none. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome | null {
  const at = highest(
    outcomes.map((outcome) => ORDER.indexOf(outcome)),
    -1,
  );
  return ORDER[at] ?? null;
}
