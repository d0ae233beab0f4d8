import type { SentMessage } from '../../../lambda/alert/channels/sender.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import type { AlertContext } from '../../../lambda/alert/words/first-line.ts';
import { colourText } from '../layout/outcome-colours.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { wrapIndented } from '../layout/wrap.ts';
import { COMMAND, commandLines } from '../layout/wrap-help.ts';

/** Columns. */
const MARGIN = 2;

/** An alert as in its e-mail, wrapped, with a margin that separates it from the rounds. */
export function alertLines(
  { alert, ...circumstances }: SentMessage,
  context: AlertContext,
  screen: Screen,
): readonly string[] {
  const { paint, drawing, width } = screen;
  const [first = '', ...rest] = alertTexts(alert, context, circumstances).email.trimEnd().split('\n');
  const margin = colourText(alert.is, drawing ? '▌' : '|', paint);
  const fit = isBounded(screen);
  const room = width - MARGIN;
  const wrapped = (line: string) => (fit ? wrapIndented(line, room) : [line]);
  const besideMargin = (line: string) => `${margin} ${line}`.trimEnd();
  const title = wrapped(`ALERT  ${first}`).map((line) => colourText(alert.is, paint.bold(line), paint));
  return [
    ...title.map(besideMargin),
    ...rest.flatMap((line) => {
      if (!fit || !COMMAND.test(line)) return wrapped(line).map(besideMargin);
      // A command stays one that can be pasted: its further lines have no margin, which a shell would read.
      const [start = '', ...further] = commandLines(line, room);
      return [besideMargin(start), ...further.map((text) => ' '.repeat(MARGIN) + text)];
    }),
  ];
}
