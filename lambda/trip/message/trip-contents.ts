/** What a trip's message says. With other texts the version of the token is another. */

import { createCipheriv, createHash } from 'node:crypto';

/** Characters of one, two, three and four octets in UTF-8, long lines, and a line that begins with a dot. */
export function tripText(id: string): string {
  return [
    'This message was sent by smtp-quorum to measure delivery. It needs no reply. It is deleted after it was read.',
    '',
    `Message ${id}`,
    'Umlauts and accents: ä ö ü Ä Ö Ü ß é è ñ ç å ø æ',
    'Other scripts: Ελληνικά, Кириллица, 日本語, العربية',
    'Signs: € – — “quoted” … ✓ 😀 = 100 %',
    '.A line that begins with a dot',
    `A link: ${tripLink(id)}`,
    '',
    `A long line: ${'many words on one line make it longer than a line of mail should be, '.repeat(5)}and here it ends.`,
    'From a line that some programs change.',
    'The last line of the text.',
  ].join('\n');
}

export function tripHtml(id: string): string {
  return [
    '<!DOCTYPE html>',
    '<html lang="en"><head><meta charset="utf-8"><title>Round trip</title></head>',
    '<body>',
    '<p>This message was sent by <b>smtp-quorum</b> to measure delivery. It needs no reply. It is deleted after it was read.</p>',
    `<p>Message <code>${id}</code></p>`,
    '<p>Umlauts: ä ö ü ß é. Signs: € – “quoted” ✓ 😀</p>',
    `<p>A link: <a href="${tripLink(id)}">more about this message</a></p>`,
    '<p>The last line of the HTML.</p>',
    '</body></html>',
  ].join('\n');
}

/** The host is one for examples (RFC 2606). */
export function tripLink(id: string): string {
  return `https://www.example.com/round-trip?message=${id}&part=1`;
}

/** All octets, without a pattern. */
export function tripAttachment(id: string, octets: number): Buffer {
  const key = createHash('sha256').update(`attachment ${id}`).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(octets));
}

/** Value of a field that must be folded. */
export function longFieldValue(id: string): string {
  return Array.from({ length: 24 }, (_, nth) => `${id}-reference-${String(nth + 1).padStart(2, '0')}`).join(' ');
}

/** Text of a field in RFC 2047. */
export function encodedFieldText(id: string): string {
  return `Prüfung der Zustellung – 日本語 ✓ ${id}`;
}
