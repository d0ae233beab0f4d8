/** Reads a bounce in any form. Never throws. */

import { isUtf8 } from 'node:buffer';
import { decodeText } from '../mime/charset.ts';
import { fieldValue, type HeaderField, parseFields } from '../mime/header.ts';
import { parseParameters } from '../mime/parameters.ts';
import { allParts, type MessagePart, parseMessage } from '../mime/parts.ts';
import { partOctets } from '../mime/transfer-encoding.ts';
import type { Dsn } from './dsn.ts';
import { parseEximText } from './exim-text.ts';
import { parsePlainText } from './plain-text.ts';
import { parseQmailText } from './qmail-text.ts';
import { isDeliveryStatus, parseReport } from './report.ts';

/** A bounce is short; what is enclosed may be long. */
const LONGEST = 1_048_576;
const LONGEST_TEXT = 65_536;

/** @param raw as it was fetched @returns null for a message that is no bounce, or whose recipients cannot be told */
export function parseDsn(raw: Buffer): Dsn | null {
  const message = parseMessage(raw.toString('latin1', 0, LONGEST));
  const parts = allParts(message);
  const status = parts.find(({ type }) => isDeliveryStatus(type));
  const report = status === undefined ? null : parseReport(charactersOf(status));
  if (report !== null) return { ...report, original: originalOf(parts) };
  if (isOtherReport(message.fields)) return null;
  const relabelled = relabelledReport(message.fields, parts);
  if (relabelled !== null) return { ...relabelled, original: originalOf(parts) };
  const text = textOf(parts);
  const bounce = parseQmailText(text) ?? parseEximText(message.fields, text) ?? parsePlainText(message.fields, text);
  if (bounce === null) return null;
  const original = originalOf(parts);
  return { ...bounce, original: original.length > 0 ? original : originalInText(text) };
}

/** A receipt (RFC 8098) or a complaint (RFC 5965). */
function isOtherReport(fields: readonly HeaderField[]): boolean {
  const type = fieldValue(fields, 'content-type') ?? '';
  return /report-type="?(?:disposition-notification|feedback-report)/i.test(type);
}

/** A report whose status a gateway has given another type. It is no report that may be removed. */
function relabelledReport(fields: readonly HeaderField[], parts: readonly MessagePart[]): Omit<Dsn, 'original'> | null {
  if (!/^\s*multipart\/report\b/i.test(fieldValue(fields, 'content-type') ?? '')) return null;
  for (const part of parts.filter(({ type }) => /^(?:text\/plain|application\/octet-stream)$/.test(type))) {
    const text = charactersOf(part);
    const report = /^(?:final|original)-recipient:/im.test(text) ? parseReport(text) : null;
    if (report !== null) return { ...report, form: 'text' };
  }
  return null;
}

/** Octets as characters (latin1), as fields of a header are read. */
function decodedText(part: MessagePart): string {
  return partOctets(part).toString('latin1', 0, LONGEST_TEXT);
}

/** The text, in the character set that the part names. Without one it is ASCII, and what servers write into it is UTF-8 (RFC 6533). */
function charactersOf(part: MessagePart): string {
  const octets = partOctets(part).subarray(0, LONGEST_TEXT);
  const { parameters } = parseParameters(fieldValue(part.fields, 'content-type') ?? '');
  const charset = parameters.get('charset') ?? 'us-ascii';
  const isPlain = /^(?:us-)?ascii$/i.test(charset);
  return decodeText(octets, isPlain && isUtf8(octets) ? 'utf-8' : charset);
}

/** The text that is there for people, with LF as line ends. */
function textOf(parts: readonly MessagePart[]): string {
  const part = parts.find(({ type }) => type === 'text/plain') ?? parts.find(({ type }) => type === 'text/html');
  if (part === undefined) return '';
  const text = charactersOf(part).replaceAll('\r\n', '\n');
  return part.type === 'text/html' ? withoutTags(text) : text;
}

/** Line by line, so that it is linear in time. */
function withoutTags(text: string): string {
  return text
    .replace(/<(?:br|\/p|\/div|\/tr|\/h\d)\b[^<>]{0,100}>/gi, '\n')
    .replace(/<(?![^<>\s]{1,64}@)[^<>]{0,1000}>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', ' ');
}

function originalOf(parts: readonly MessagePart[]): readonly HeaderField[] {
  const part = parts.find(({ type }) =>
    /^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/(?:global|rfc822)-headers)$/.test(type),
  );
  return part === undefined ? [] : headerFields(decodedText(part).trimStart());
}

/** Lines after which servers quote the message. */
const QUOTED =
  /^(?:-+ ?(?:Below this line is|This is) a copy of .*|-+ ?Enclosed are the original headers.*|-+ ?(?:Original message|Unsent message|Returned message|Message header).*|.*(?:headers? of the original message|original message headers?|original message follows).*:?-*)$/im;

function originalInText(text: string): readonly HeaderField[] {
  const found = QUOTED.exec(text);
  return found === null ? [] : headerFields(text.slice(found.index + found[0].length).trimStart());
}

function headerFields(text: string): readonly HeaderField[] {
  return parseFields(text.split(/\r?\n\r?\n/, 1)[0] ?? '');
}
