import type { Verdict } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import { highest } from './numbers.ts';
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

/** Colours a text for an outcome or verdict. */
export function colourText(of: Outcome | Verdict, text: string, paint: Paint): string {
  return paint[COLOURS[of]](text);
}

/** Worst last. `unable` ranks low, because it says less about the target than the sample of another vantage. */
const ORDER: readonly Outcome[] = ['pass', 'unable', 'warn', 'fail'];

/** Null without outcomes. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome | null {
  const at = highest(
    outcomes.map((outcome) => ORDER.indexOf(outcome)),
    -1,
  );
  return ORDER[at] ?? null;
}
