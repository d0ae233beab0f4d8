import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Statement } from '../../../lambda/history/statements/statement.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import type { Screen } from '../layout/screen.ts';
import { timeText } from '../layout/times.ts';
import { wrapText } from '../layout/wrap.ts';

/** What was said of an incident, oldest first. */
export function statementLines(
  incident: string,
  statements: readonly Statement[],
  clock: Clock,
  screen: Screen,
): readonly string[] {
  if (statements.length === 0) return [`nothing was said of ${safeText(incident, 300)}`];
  return statements.flatMap((one, at) => [...(at === 0 ? [] : ['']), ...statementWithHead(one, clock, screen)]);
}

function statementWithHead({ number, at, by, state, text, withdrawn }: Statement, clock: Clock, screen: Screen) {
  const { paint, width } = screen;
  const head = `${paint.bold(`${number} ${state}`)}  ${timeText(at, clock)}, by ${safeText(by, 120)}`;
  if (withdrawn !== undefined)
    return [head, `  withdrawn ${timeText(withdrawn.at, clock)}, by ${safeText(withdrawn.by, 120)}`];
  return [
    head,
    ...text.split('\n').flatMap((line) => wrapText(escapeForDisplay(line), width - 2).map((part) => `  ${part}`)),
  ];
}

/** Lines of single statements. A longer list is not read. */
const MOST_LINES = 12;

/** A line for each statement, newest last. */
export function saidLines(statements: readonly Statement[], clock: Clock): readonly string[] {
  const shown = statements.slice(-MOST_LINES).map(({ at, by, state, text }) => {
    return `said ${timeText(at, clock)}, ${state}, by ${safeText(by, 63)}: ${safeText(text.replaceAll('\n', ' '), 200)}`;
  });
  const more = statements.length - shown.length;
  return [...(more > 0 ? [`said ${more} more times before`] : []), ...shown];
}
