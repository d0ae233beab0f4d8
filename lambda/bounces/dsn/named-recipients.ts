/** How a report names its recipients, so that what a server says of them can be hidden. Never throws. */

import { isUtf8 } from 'node:buffer';
import { fieldValue } from '../../standards/mime/header.ts';
import { allParts, parseMessage } from '../../standards/mime/parts.ts';
import { partOctets } from '../../standards/mime/transfer-encoding.ts';

/** What is searched of a report and of each of its parts, in octets: a long page may be before it. And recipients of one report. */
const MOST = { octets: 262_144, recipients: 1_000 } as const;

/** RFC 3464 2.3.1 and 2.3.2, fields that servers add, and those of the message. The value may be folded. */
const FIELD =
  /^(?:(?:final|original|x-actual)-recipient|x-failed-recipients|to|cc)[ \t]*:(.{0,2000}(?:\r?\n[ \t].{0,1000}){0,200})/gim;
/** A line of a text that has nothing else. */
const LINE = /^[ \t]*<?([^\s<>"',;:]{1,64}@[^\s<>"',;:]{1,255})>?[:,]?[ \t]*\r?$/gm;
const ADDRESS = /(?:"(?:[^"\\\r\n]|\\.){1,64}"|[^\s<>"',;:()]{1,64})@[^\s<>"',;:()]{1,255}/g;

/** A server may quote a name in its reply although the report has no copy of the message. @param isText a text of a server, which names them anywhere */
export function namedRecipients(raw: Buffer, isText: boolean): readonly string[] {
  const found = new Set<string>();
  for (const text of textsOf(raw)) {
    const named = [...text.matchAll(FIELD), ...text.matchAll(LINE)].map(([, value = '']) => value);
    for (const value of isText ? [...named, text] : named) {
      for (const [address] of value.matchAll(ADDRESS)) {
        for (const form of formsOf(address)) if (found.size < MOST.recipients) found.add(form);
      }
    }
  }
  return [...found];
}

/** The report as it came, and what its parts are decoded. */
function textsOf(raw: Buffer): readonly string[] {
  const start = raw.subarray(0, MOST.octets);
  const encoded = allParts(parseMessage(start.toString('latin1'))).filter(
    ({ fields, parts }) =>
      parts.length === 0 && /base64|quoted-printable/i.test(fieldValue(fields, 'content-transfer-encoding') ?? ''),
  );
  return [start, ...encoded.map((part) => partOctets(part).subarray(0, MOST.octets))].map((octets) =>
    octets.toString(isUtf8(octets) ? 'utf8' : 'latin1'),
  );
}

/** As it is written, without quotes, and decoded: xtext (RFC 3461 4) and `\x{e9}` (RFC 6533 3). */
function formsOf(address: string): readonly string[] {
  const plain = address.replace(/^"(.*)"@/s, '$1@').replace(/\\(?!x\{)(.)/gs, '$1');
  const decoded = plain
    .replace(/\+([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\x\{([0-9A-Fa-f]{1,5})\}/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));
  return [plain, decoded];
}
