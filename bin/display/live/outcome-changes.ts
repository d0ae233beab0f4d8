import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Sample } from '../../../lambda/smtp/sample/sample.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';
import type { Board } from './board.ts';

/** Outcomes of a round by target and vantage, to compare the next round with. */
export type Outcomes = ReadonlyMap<string, Sample['outcome']>;

export function outcomesOf({ rows }: Board): Outcomes {
  const pairs = rows.flatMap(({ target, samples }) =>
    [...samples].map(([vantage, { outcome }]) => [key(target, vantage), outcome] as const),
  );
  return new Map(pairs);
}

/** A line per vantage and target whose outcome changed since the round before. The lines stay above the board. */
export function outcomeChangeLines(board: Board, previous: Outcomes, { paint }: Screen): readonly string[] {
  return board.rows.flatMap(({ target, samples }) =>
    [...samples].flatMap(([vantage, sample]) => {
      const old = previous.get(key(target, vantage));
      if (old === undefined ? sample.outcome === 'pass' : old === sample.outcome) return [];
      const time = paint.dim(`${board.round.slice(11, 19)} UTC`);
      const change = colourText(sample.outcome, `${old ?? 'first'} -> ${sample.outcome}`, paint);
      return [`${time}  ${paint.bold(target)} from ${vantage}: ${change}${paint.dim(failureText(sample))}`];
    }),
  );
}

function failureText({ phase, code, reply, detail }: Sample): string {
  if (phase === null) return '';
  return ` at ${phase} (${code}): ${safeText(reply ?? detail ?? '', 120)}`;
}

function key(target: string, vantage: string): string {
  return `${target} ${vantage}`;
}
