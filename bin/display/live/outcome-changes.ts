import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Sample } from '../../../lambda/smtp/sample/sample.ts';
import { colourText } from '../layout/outcome.ts';
import type { Screen } from '../layout/screen.ts';
import type { Board } from './board.ts';

/** Outcomes of a round, by target and vantage; what the next round is compared with. */
export type Outcomes = ReadonlyMap<string, Sample['outcome']>;

export function outcomesOf({ rows }: Board): Outcomes {
  const pairs = rows.flatMap(({ target, samples }) =>
    [...samples].map(([vantage, { outcome }]) => [key(target, vantage), outcome] as const),
  );
  return new Map(pairs);
}

/** A line for each vantage that now sees a target otherwise than a round ago: it stays when the board is drawn anew. */
export function outcomeChangeLines(board: Board, before: Outcomes, { paint }: Screen): readonly string[] {
  return board.rows.flatMap(({ target, samples }) =>
    [...samples].flatMap(([vantage, sample]) => {
      const was = before.get(key(target, vantage));
      if (was === undefined ? sample.outcome === 'pass' : was === sample.outcome) return [];
      const time = paint.dim(`${board.round.slice(11, 19)} UTC`);
      const turn = colourText(sample.outcome, `${was ?? 'first'} -> ${sample.outcome}`, paint);
      return [`${time}  ${paint.bold(target)} from ${vantage}: ${turn}${paint.dim(becauseOf(sample))}`];
    }),
  );
}

function becauseOf({ phase, code, reply, detail }: Sample): string {
  if (phase === null) return '';
  return ` at ${phase} (${code}): ${safeText(reply ?? detail ?? '', 120)}`;
}

function key(target: string, vantage: string): string {
  return `${target} ${vantage}`;
}
