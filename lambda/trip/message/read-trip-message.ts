/** Reads a message that was fetched. It may be anybody's: nothing throws, and all is bounded. */

import { authenticationResults } from '../../standards/authentication-results/authentication-results.ts';
import { checkBodyHashes } from '../../standards/dkim/body-hash.ts';
import { decodeText } from '../../standards/mime/charset.ts';
import { fieldValue, type HeaderField, splitHeader } from '../../standards/mime/header.ts';
import { parameterText, parseParameters } from '../../standards/mime/parameters.ts';
import { type MessagePart, parseMessage } from '../../standards/mime/parts.ts';
import { partOctets } from '../../standards/mime/transfer-encoding.ts';
import { receivedHops } from '../../standards/received/received.ts';
import { contentHash, LONG_FIELD } from './build-trip-message.ts';
import type { ReceivedMessage, ReceivedPart } from './received-message.ts';
import { claimedToken, TOKEN_FIELD } from './token.ts';

/** @param raw as it was fetched, with CRLF or LF */
export function readTripMessage(raw: Buffer): ReceivedMessage {
  const text = raw.toString('latin1');
  const { fields, body } = splitHeader(text);
  return {
    token: claimedToken(fieldValue(fields, TOKEN_FIELD.toLowerCase()) ?? '') ?? tokenOfSubject(fields),
    fields,
    received: receivedHops(fields),
    authenticationResults: authenticationResults(fields),
    parts: leaves(parseMessage(text), 0),
    bodyHashes: checkBodyHashes(fields, body),
  };
}

/**
 * A bounce, a reply and a letter that passes it on may quote the subject of our message: they are no arrival of it. Ours has its
 * identifier in other fields, too; one of them is enough, because gateways change the others.
 */
function tokenOfSubject(fields: readonly HeaderField[]): string | null {
  const isAnother = ANSWERS.some(([name, pattern]) => pattern.test(fieldValue(fields, name) ?? ''));
  const token = isAnother ? null : claimedToken(fieldValue(fields, 'subject') ?? '');
  const id = token?.split(':')[2];
  return id !== undefined && IDENTIFIED.some((name) => fieldValue(fields, name)?.includes(id)) ? token : null;
}

/** Fields of our message that have its identifier, besides its token. */
const IDENTIFIED = ['message-id', LONG_FIELD.toLowerCase()];

/**
 * Fields of an answer, of which our message has none: RFC 5322 3.6.4, RFC 3834 5, RFC 6522 3, RFC 5321 4.5.5. The parser of bounces
 * would tell no more here, and is too large for the function of round trips.
 */
const ANSWERS: readonly (readonly [string, RegExp])[] = [
  ['in-reply-to', /\S/],
  ['references', /\S/],
  ['auto-submitted', /^\s*auto-replied/i],
  ['content-type', /^\s*(?:multipart\/report|message\/(?:global-)?delivery-status)\b/i],
  ['return-path', /^\s*<\s*>/],
  ['from', /\bmailer-daemon@/i],
];

/** Messages within a message are read so deep. */
const DEPTH = 2;

function leaves(part: MessagePart, enclosed: number): readonly ReceivedPart[] {
  if (part.type === 'message/rfc822' && enclosed < DEPTH) {
    return leaves(parseMessage(partOctets(part).toString('latin1')), enclosed + 1);
  }
  return part.parts.length === 0 ? [leaf(part, enclosed > 0)] : part.parts.flatMap((one) => leaves(one, enclosed));
}

function leaf(part: MessagePart, isEnclosed: boolean): ReceivedPart {
  const type = parseParameters(fieldValue(part.fields, 'content-type') ?? '');
  const disposition = parseParameters(fieldValue(part.fields, 'content-disposition') ?? '');
  const filename = parameterText(disposition, 'filename') ?? parameterText(type, 'name');
  const charset = type.parameters.get('charset')?.toLowerCase() ?? null;
  const content = partOctets(part);
  const isText = part.type.startsWith('text/');
  // A file is compared octet by octet, also if a gateway calls it a text.
  const isAttachment = disposition.value === 'attachment' || (!isText && filename !== null);
  return {
    type: part.type,
    charset,
    filename,
    encoding: (fieldValue(part.fields, 'content-transfer-encoding') ?? '7bit').toLowerCase(),
    isAttachment,
    isEnclosed,
    content,
    hash: contentHash(isText && !isAttachment ? Buffer.from(partText({ content, charset })) : content),
  };
}

/** The text of a part, with LF as line ends. */
export function partText({ content, charset }: Pick<ReceivedPart, 'content' | 'charset'>): string {
  return decodeText(content, charset).replace(/\r\n?/g, '\n');
}
