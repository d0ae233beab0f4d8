/** Compares the HTML. Pure. */

import { partText } from '../message/read-trip-message.ts';
import type { ReceivedPart } from '../message/received-message.ts';
import type { SentPart } from '../message/trip-plan.ts';
import { alteration, alterationIf } from './alteration.ts';
import type { Alteration } from './alteration-codes.ts';
import { compareCharset } from './compare-encoding.ts';
import { additions, hostOfLink } from './compare-text.ts';
import { differenceOf, findText, flow } from './found-text.ts';
import { type HtmlText, readHtml } from './html-text.ts';

export function compareHtml(sent: SentPart, received: ReceivedPart): readonly Alteration[] {
  const [source, other] = [partText(sent), partText(received)];
  if (source === other) return compareCharset(sent, received, false);
  const [was, is] = [readHtml(source), readHtml(other)];
  const found = findText(was.text, is.text, []);
  if (found.change === 'other')
    return [alteration('html-changed', differenceOf(was.text, is.text)), ...linkChanges(was, is)];
  const named = [
    ...additions(found, 'html'),
    ...linkChanges(was, is),
    ...alterationIf(is.images > was.images, 'image-added', `${is.images - was.images} more`),
  ];
  const isOnlySpace = flow(source).replaceAll('> <', '><') === flow(other).replaceAll('> <', '><');
  const markup = isOnlySpace
    ? alteration('whitespace-changed', 'text/html')
    : alteration('html-rewritten', flow(other));
  const differs = named.length > 0 || found.change === 'characters' ? named : [markup];
  return [...differs, ...compareCharset(sent, received, found.change === 'characters')];
}

/** By the text that is clicked on. */
function linkChanges(was: HtmlText, is: HtmlText): readonly Alteration[] {
  return was.links.flatMap(({ href, text }) => {
    if (is.links.some((link) => link.href === href)) return [];
    const other = is.links.find((link) => flow(link.text).includes(flow(text)));
    if (other === undefined || other.href === '') return [alteration('links-removed', text)];
    return [alteration('links-rewritten', hostOfLink(other.href))];
  });
}
