import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { columnsOf } from '../layout/text-width.ts';
import { wrapText } from '../layout/wrap.ts';

/** A text behind a head, wrapped below it. The text may be from DNS. */
export function hanging(
  head: string,
  text: string,
  screen: Screen,
  paint: (head: string) => string = (plain) => plain,
): readonly string[] {
  const safe = safeText(text, 1_000);
  const indent = columnsOf(head) <= screen.width / 2 ? columnsOf(head) : 8;
  const own = columnsOf(head) <= screen.width / 2;
  const lines = isBounded(screen) ? wrapText(safe, screen.width - indent) : [safe];
  const below = lines.map((line, nth) => (own && nth === 0 ? paint(head) : ' '.repeat(indent)) + line);
  return own ? below : [paint(head.trimEnd()), ...below];
}
