/** Compares the plain text. Pure. */

import { partText } from '../message/read-trip-message.ts';
import type { ReceivedPart } from '../message/received-message.ts';
import type { SentPart } from '../message/trip-plan.ts';
import { alteration, alterationIf } from './alteration.ts';
import type { Alteration } from './alteration-codes.ts';
import { compareCharset } from './compare-encoding.ts';
import { differenceOf, type FoundText, findText } from './found-text.ts';

const LINK = /\bhttps?:\/\/[^\s<>"]{1,2000}/g;

/** `https://www[.]example[.]com`: it is shown, and leads nowhere. */
const DEFUSED = /\[\.\]|\(\.\)|\[dot\]/i;

export function compareText(sent: SentPart, received: ReceivedPart): readonly Alteration[] {
  const [was, is] = [partText(sent), partText(received)];
  if (was === is) return compareCharset(sent, received, false);
  const links = [...was.matchAll(LINK)].map(([link]) => link);
  const found = findText(was, is, links);
  const named = [
    ...additions(found, 'text'),
    ...found.inPlaceOfLinks.flatMap((place, nth) => linkChange(place, links[nth] ?? '')),
  ];
  if (found.change === 'other')
    return [
      isCutOff(was, is) ? alteration('message-truncated', is) : alteration('text-changed', differenceOf(was, is)),
    ];
  if (found.change === 'characters') return [...named, ...compareCharset(sent, received, true)];
  const differs = named.length > 0 ? named : [alteration('whitespace-changed', 'text/plain')];
  return [...differs, ...compareCharset(sent, received, false)];
}

export function additions({ before, after }: FoundText, part: 'text' | 'html'): readonly Alteration[] {
  return [
    ...alterationIf(before !== '', `${part}-banner`, before),
    ...alterationIf(after !== '', `${part}-footer`, after),
  ];
}

/** What is in the place of a link: itself, maybe in brackets or broken into lines, another one, or none. */
function linkChange(place: string, link: string): readonly Alteration[] {
  if (withoutBrackets(place) === link) return [];
  const [other] = place.match(LINK) ?? [];
  if (other === undefined || DEFUSED.test(other)) return [alteration('links-removed', place)];
  return alterationIf(other !== link, 'links-rewritten', hostOfLink(other));
}

/** Brackets around a link are no other link. */
function withoutBrackets(place: string): string {
  return place
    .replace(/\s+/g, '')
    .replace(/^[<([]+/, '')
    .replace(/[>)\]]+$/, '');
}

export function hostOfLink(link: string): string {
  return /^https?:\/\/([^/?#\s]{1,253})/i.exec(link)?.[1] ?? link;
}

function isCutOff(was: string, is: string): boolean {
  return is.trim() !== '' && was.startsWith(is.trimEnd());
}
