import type { SentMessage } from '../../../lambda/alert/channels/sender.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import type { AlertContext } from '../../../lambda/alert/words/summary.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';

/** An alert as in its e-mail, with a margin that separates it from the rounds. */
export function alertLines(
  { alert, ...circumstances }: SentMessage,
  context: AlertContext,
  { paint, drawing }: Screen,
): readonly string[] {
  const [first = '', ...rest] = alertTexts(alert, context, circumstances).email.trimEnd().split('\n');
  const margin = colourText(alert.is, drawing ? '▌' : '|', paint);
  const title = colourText(alert.is, paint.bold(`ALERT  ${first}`), paint);
  return [title, ...rest].map((line) => `${margin} ${line}`.trimEnd());
}
