import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Verdict } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { Outcome, Sample } from '../../../lambda/smtp/sample/sample.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';
import type { PaintedText } from '../layout/wrap.ts';
import type { Board, BoardRow } from './board.ts';
import type { LateSamplesOfVantage } from './live-view.ts';

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
  /** The changes of samples that were added to a round later. */
  late(late: LateSamplesOfVantage): readonly OutcomeChange[];
}

/** Compares each round with those before it. In the first round, what passes and what is up is no change. */
export function openRoundChanges(): RoundChanges {
  const outcomes = new Map<string, Outcome>();
  const verdicts = new Map<string, Verdict>();
  const known = new Set<string>();
  return {
    next: (board) => [...outcomeChanges(board.rows, outcomes), ...verdictChanges(board, verdicts, known)],
    late: ({ vantage, samples }) => {
      const rows = [...samples].map(([target, sample]) => ({ target, samples: new Map([[vantage, sample]]) }));
      return outcomeChanges(rows, outcomes);
    },
  };
}

type SamplesOfTarget = Pick<BoardRow, 'target' | 'samples'>;

function outcomeChanges(rows: readonly SamplesOfTarget[], seen: Map<string, Outcome>): readonly OutcomeChange[] {
  return rows.flatMap(({ target, samples }) =>
    [...samples].flatMap(([vantage, sample]): readonly OutcomeChange[] => {
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
export function changeParts(change: LiveChange, round: string, { paint }: Screen): readonly PaintedText[] {
  const from = change.what === 'verdict' ? ': verdict ' : ` from ${change.vantage}: `;
  return [
    { text: `${round.slice(11, 19)} UTC`, paint: paint.dim },
    { text: '  ' },
    { text: change.target, paint: paint.bold },
    { text: from },
    { text: `${change.from ?? 'first'} -> ${change.to}`, paint: (text) => colourText(change.to, text, paint) },
    { text: change.what === 'verdict' ? '' : failureText(change.sample), paint: paint.dim },
  ];
}

function failureText({ phase, code, reply, detail }: Sample): string {
  if (phase === null) return '';
  return ` at ${phase} (${code}): ${safeText(reply ?? detail ?? '', 120)}`;
}
