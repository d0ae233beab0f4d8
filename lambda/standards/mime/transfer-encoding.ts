/** Content-Transfer-Encoding: RFC 2045 6. Never throws. */

import { fieldValue, type HeaderField } from './header.ts';
import { trimSpaceEnd } from './spaces.ts';

/** Octets of a part, decoded. */
export function partOctets({
  fields,
  body,
}: {
  readonly fields: readonly HeaderField[];
  readonly body: string;
}): Buffer {
  return decodeBody(body, fieldValue(fields, 'content-transfer-encoding'));
}

/** Octets of a body. What cannot be decoded is left out. @param body octets as characters (latin1) */
export function decodeBody(body: string, encoding: string | null): Buffer {
  switch (
    (encoding ?? '')
      .replace(/\([^()]*\)/g, '')
      .trim()
      .toLowerCase()
  ) {
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'quoted-printable':
      return Buffer.from(decodeQuotedPrintable(body), 'latin1');
    default:
      return Buffer.from(body, 'latin1');
  }
}

/** Spaces at the end of a line are not part of the text (RFC 2045 6.7). */
function decodeQuotedPrintable(body: string): string {
  return body
    .split('\n')
    .map(trimSpaceEnd)
    .join('\r\n')
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Text of at most 76 characters a line, with CRLF: RFC 2045 6.7. A line that begins with `From ` is encoded (RFC 2049 3). */
export function encodeQuotedPrintable(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => foldQuoted([...Buffer.from(line, 'utf8')].map(quotedOctet)))
    .join('\r\n')
    .replace(/^From /gm, '=46rom ');
}

function quotedOctet(octet: number, nth: number, all: readonly number[]): string {
  const isPlain = (octet >= 33 && octet <= 126 && octet !== 61) || (octet === 32 && nth < all.length - 1);
  return isPlain ? String.fromCharCode(octet) : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`;
}

function foldQuoted(octets: readonly string[]): string {
  const lines = [''];
  for (const octet of octets) {
    if ((lines.at(-1)?.length ?? 0) + octet.length > 73) {
      lines[lines.length - 1] += '=';
      lines.push('');
    }
    lines[lines.length - 1] += octet;
  }
  return lines.join('\r\n');
}

/** Lines of 76 characters, with CRLF between them: RFC 2045 6.8. */
export function encodeBase64(octets: Buffer): string {
  return (octets.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');
}
