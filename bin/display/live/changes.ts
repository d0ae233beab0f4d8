import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Verdict } from '../../../lambda/consensus/judgement/votes-and-verdicts.ts';
import type { Outcome, Sample } from '../../../lambda/smtp/sample/sample.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';
import type { Board } from './board.ts';

/** A difference between a round and the rounds before. */
export type LiveChange = OutcomeChange | ShownVerdictChange;

/** A vantage saw another outcome. */
export interface OutcomeChange {
  readonly what: 'outcome';
  readonly target: string;
  readonly vantage: string;
  /** Null in the first round of this process. */
  readonly from: Outcome | null;
  readonly to: Outcome;
  readonly sample: Sample;
}

export interface ShownVerdictChange {
  readonly what: 'verdict';
  readonly target: string;
  /** Null if this process has seen no verdict of the target. */
  readonly from: Verdict | null;
  readonly to: Verdict;
}

export interface RoundChanges {
  /** The changes of the next round. */
  next(board: Board): readonly LiveChange[];
}

/** Compares each round with those before it. In the first round, what passes and what is up is no change. */
export function openRoundChanges(): RoundChanges {
  const outcomes = new Map<string, Outcome>();
  const verdicts = new Map<string, Verdict>();
  const known = new Set<string>();
  return {
    next: (board) => [...outcomeChanges(board, outcomes), ...verdictChanges(board, verdicts, known)],
  };
}

function outcomeChanges({ rows }: Board, seen: Map<string, Outcome>): readonly LiveChange[] {
  return rows.flatMap(({ target, samples }) =>
    [...samples].flatMap(([vantage, sample]): readonly LiveChange[] => {
      const key = `${target} ${vantage}`;
      const from = seen.get(key) ?? null;
      const to = sample.outcome;
      seen.set(key, to);
      return (from ?? 'pass') === to ? [] : [{ what: 'outcome', target, vantage, from, to, sample }];
    }),
  );
}

/** A verdict is unknown until enough rounds are judged. That is not a change, nor is the first `up` after it. */
function verdictChanges({ rows }: Board, seen: Map<string, Verdict>, known: Set<string>): readonly LiveChange[] {
  return rows.flatMap(({ target, judgement }): readonly LiveChange[] => {
    const to = judgement?.verdict ?? 'unknown';
    const from = seen.get(target) ?? null;
    const isQuiet = known.has(target) ? from === to : to === 'unknown' || to === 'up';
    seen.set(target, to);
    if (to !== 'unknown') known.add(target);
    return isQuiet ? [] : [{ what: 'verdict', target, from, to }];
  });
}

/** `06:09:48 UTC  mx1 from local: pass -> fail at greeting (…): 554 …` */
export function changeLine(change: LiveChange, round: string, { paint }: Screen): string {
  const time = paint.dim(`${round.slice(11, 19)} UTC`);
  const step = colourText(change.to, `${change.from ?? 'first'} -> ${change.to}`, paint);
  const target = paint.bold(change.target);
  if (change.what === 'verdict') return `${time}  ${target}: verdict ${step}`;
  return `${time}  ${target} from ${change.vantage}: ${step}${paint.dim(failureText(change.sample))}`;
}

function failureText({ phase, code, reply, detail }: Sample): string {
  if (phase === null) return '';
  return ` at ${phase} (${code}): ${safeText(reply ?? detail ?? '', 120)}`;
}
