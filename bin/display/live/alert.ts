import type { SentMessage } from '../../../lambda/alert/channels/sender.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import type { AlertContext } from '../../../lambda/alert/words/first-line.ts';
import { colourText } from '../layout/outcome-colours.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { wrapIndented } from '../layout/wrap.ts';
import { COMMAND, commandLines } from '../layout/wrap-help.ts';

/** An alert as in its e-mail, wrapped, with a margin that separates it from the rounds. */
export function alertLines(
  { alert, ...circumstances }: SentMessage,
  context: AlertContext,
  screen: Screen,
): readonly string[] {
  const { paint, drawing, width } = screen;
  const [first = '', ...rest] = alertTexts(alert, context, circumstances).email.trimEnd().split('\n');
  const margin = colourText(alert.is, drawing ? '▌' : '|', paint);
  const wrapped = (line: string) => (isBounded(screen) ? fitLine(line, width - 2) : [line]);
  const title = wrapped(`ALERT  ${first}`).map((line) => colourText(alert.is, paint.bold(line), paint));
  return [...title, ...rest.flatMap(wrapped)].map((line) => `${margin} ${line}`.trimEnd());
}

/** A command stays one that can be pasted. */
function fitLine(line: string, width: number): readonly string[] {
  return COMMAND.test(line) ? commandLines(line, width) : wrapIndented(line, width);
}
