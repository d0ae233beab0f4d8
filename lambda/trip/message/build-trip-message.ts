/** Builds the message of a trip: MIME as people send it. */

import { createHash } from 'node:crypto';
import { formatDate } from '../../standards/mime/date.ts';
import { encodeWords } from '../../standards/mime/encoded-word.ts';
import { encodeBase64, encodeQuotedPrintable } from '../../standards/mime/transfer-encoding.ts';
import { formatField } from '../../standards/mime/write-field.ts';
import { formatToken, TOKEN_FIELD } from './token.ts';
import { encodedFieldText, longFieldValue, tripAttachment, tripHtml, tripText } from './trip-contents.ts';
import type { BuiltMessage, SentPart, TripPlan } from './trip-plan.ts';

/** Stricter than RFC 5321 4.1.2: no quoted local part, and no address literal. */
const ADDRESS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)$/;
const MOST_OCTETS = 20_000_000;
const FILENAME = 'round-trip.bin';

/** Fields whose text is compared, besides From, To, Subject, Date and Message-ID. */
export const LONG_FIELD = 'X-Smtp-Quorum-References';
export const ENCODED_FIELD = 'Comments';

/** @throws TypeError if an address or the size is not usable: this is an error of the caller */
export function buildTripMessage(plan: TripPlan): BuiltMessage {
  const domain = assertPlan(plan);
  const { id } = plan.token;
  const messageId = `<${id}@${domain}>`;
  const subject = `Round trip ${formatToken(plan.token, plan.key)}`;
  const parts = tripParts(plan);
  const lines = [...headerLines(plan, messageId, subject), ...bodyLines(id, parts), ''];
  return { message: Buffer.from(lines.join('\r\n'), 'latin1'), messageId, subject, parts };
}

function headerLines({ token, key, from, to }: TripPlan, messageId: string, subject: string): readonly string[] {
  return [
    formatField('Date', formatDate(token.at)),
    formatField('From', from),
    formatField('To', to),
    formatField('Message-ID', messageId),
    formatField('Subject', subject),
    formatField(TOKEN_FIELD, formatToken(token, key)),
    // RFC 3834: no vacation message and no other automatic reply comes back.
    formatField('Auto-Submitted', 'auto-generated'),
    formatField('Precedence', 'bulk'),
    formatField(ENCODED_FIELD, encodeWords(encodedFieldText(token.id))),
    formatField(LONG_FIELD, longFieldValue(token.id)),
    formatField('MIME-Version', '1.0'),
  ];
}

function bodyLines(id: string, [text, html, ...attachments]: readonly SentPart[]): readonly string[] {
  const alternatives = multipart(
    'alternative',
    `alternative-${id}`,
    [text, html].flatMap((part) => (part === undefined ? [] : [partLines(part)])),
  );
  return multipart('mixed', `mixed-${id}`, [alternatives, ...attachments.map(partLines)]);
}

function multipart(subtype: string, boundary: string, parts: readonly (readonly string[])[]): readonly string[] {
  return [
    formatField('Content-Type', `multipart/${subtype}; boundary="${boundary}"`),
    '',
    ...parts.flatMap((lines) => [`--${boundary}`, ...lines]),
    `--${boundary}--`,
    '',
  ];
}

function partLines({ type, charset, filename, content }: SentPart): readonly string[] {
  if (filename !== null) {
    return [
      formatField('Content-Type', `${type}; name="${filename}"`),
      formatField('Content-Disposition', `attachment; filename="${filename}"`),
      'Content-Transfer-Encoding: base64',
      '',
      encodeBase64(content),
    ];
  }
  return [
    `Content-Type: ${type}; charset=${charset}`,
    'Content-Transfer-Encoding: quoted-printable',
    '',
    encodeQuotedPrintable(content.toString('utf8')),
  ];
}

function tripParts({ token: { id }, attachment }: TripPlan): readonly SentPart[] {
  const octets = tripAttachment(id, attachment);
  return [
    { role: 'text', ...textPart('text/plain', tripText(id)) },
    { role: 'html', ...textPart('text/html', tripHtml(id)) },
    ...(attachment === 0 ? [] : [attachmentPart(octets)]),
  ];
}

function textPart(type: string, text: string): Omit<SentPart, 'role'> {
  const content = Buffer.from(text);
  return { type, charset: 'utf-8', filename: null, content, hash: contentHash(content) };
}

function attachmentPart(content: Buffer): SentPart {
  const type = 'application/octet-stream';
  return { role: 'attachment', type, charset: null, filename: FILENAME, content, hash: contentHash(content) };
}

/** SHA-256 in hexadecimal. */
export function contentHash(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** @returns the domain of the sender */
function assertPlan({ from, to, attachment }: TripPlan): string {
  const domain = ADDRESS.exec(from)?.[1];
  if (domain === undefined) throw new TypeError(`not an address in ASCII: ${JSON.stringify(from)}`);
  if (!ADDRESS.test(to)) throw new TypeError(`not an address in ASCII: ${JSON.stringify(to)}`);
  if (!Number.isInteger(attachment) || attachment < 0 || attachment > MOST_OCTETS) {
    throw new TypeError(`the attachment has 0 to ${MOST_OCTETS} octets, not ${attachment}`);
  }
  return domain.toLowerCase();
}
