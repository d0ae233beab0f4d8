/** Compares the parts. Pure. */

import { partText } from '../message/read-trip-message.ts';
import type { ReceivedPart } from '../message/received-message.ts';
import type { PartRole, SentPart } from '../message/trip-plan.ts';
import { alteration, alterationIf } from './alteration.ts';
import type { Alteration, AlterationCode } from './alteration-codes.ts';
import { compareTransferEncoding } from './compare-encoding.ts';
import { compareHtml } from './compare-html.ts';
import { compareText } from './compare-text.ts';
import { type PairedParts, type PartPair, pairParts } from './pair-parts.ts';

/** Parts that have the message in a form of their own: encrypted, signed as a whole, or of Outlook (TNEF). */
const ENCLOSING = /^(?:application\/(?:x-)?pkcs7-mime|application\/pgp-encrypted|application\/(?:vnd\.)?ms-tnef)$/;

export function compareParts(sent: readonly SentPart[], received: readonly ReceivedPart[]): readonly Alteration[] {
  const enclosing = received.find(({ type }) => ENCLOSING.test(type));
  if (enclosing !== undefined && !received.some(({ hash }) => hash === sent[0]?.hash)) {
    return [alteration('wrapped', enclosing.type)];
  }
  const paired = pairParts(sent, received);
  return [
    ...alterationIf(isEnclosed(paired), 'wrapped', 'message/rfc822'),
    ...paired.pairs.flatMap((pair) => comparePair(pair, paired)),
    ...addedParts(paired),
    ...alterationIf(isOtherOrder(paired, received), 're-arranged', received.map(({ type }) => type).join(', ')),
  ];
}

function isEnclosed({ pairs }: PairedParts): boolean {
  const found = pairs.flatMap(({ received }) => received ?? []);
  return found.length > 0 && found.every((part) => part.isEnclosed);
}

const MISSING = {
  text: 'text-missing',
  html: 'html-missing',
  attachment: 'attachment-removed',
} as const satisfies Readonly<Record<PartRole, AlterationCode>>;

function comparePair({ sent, received }: PartPair, paired: PairedParts): readonly Alteration[] {
  if (received === null || isEmptyText(sent, received)) return [missing(sent, paired)];
  return [...compareContent(sent, received), ...compareTransferEncoding(sent, received)];
}

function isEmptyText({ role }: SentPart, received: ReceivedPart): boolean {
  return role !== 'attachment' && partText(received).trim() === '';
}

/** A part that we did not send may be a notice in the place of the attachment. */
function missing(sent: SentPart, { added }: PairedParts): Alteration {
  const [notice] = added;
  if (sent.role === 'attachment' && notice !== undefined) return alteration('attachment-replaced', describe(notice));
  return alteration(MISSING[sent.role], sent.filename ?? sent.type);
}

function compareContent(sent: SentPart, received: ReceivedPart): readonly Alteration[] {
  switch (sent.role) {
    case 'text':
      return compareText(sent, received);
    case 'html':
      return compareHtml(sent, received);
    case 'attachment':
      return compareAttachment(sent, received);
    default:
      return sent.role satisfies never;
  }
}

function compareAttachment(sent: SentPart, received: ReceivedPart): readonly Alteration[] {
  if (sent.hash === received.hash) {
    return [
      ...alterationIf(sent.filename !== received.filename, 'attachment-renamed', received.filename ?? 'without a name'),
      ...alterationIf(sent.type !== received.type, 'header-changed', `content-type: ${received.type}`),
    ];
  }
  const { length } = received.content;
  const isCutOff =
    length > 0 && length < sent.content.length && sent.content.subarray(0, length).equals(received.content);
  return [alteration(isCutOff ? 'message-truncated' : 'attachment-replaced', describe(received))];
}

function addedParts({ pairs, added }: PairedParts): readonly Alteration[] {
  const notices = pairs.some(({ sent, received }) => sent.role === 'attachment' && received === null) ? 1 : 0;
  return added.slice(notices, notices + 10).map((part) => alteration('part-added', describe(part)));
}

function isOtherOrder({ pairs }: PairedParts, received: readonly ReceivedPart[]): boolean {
  const places = pairs.flatMap((pair) => (pair.received === null ? [] : [received.indexOf(pair.received)]));
  return places.some((place, nth) => nth > 0 && place < (places[nth - 1] ?? 0));
}

function describe({ type, filename, content }: ReceivedPart): string {
  return `${type}${filename === null ? '' : ` ${filename}`}, ${content.length} octets`;
}
