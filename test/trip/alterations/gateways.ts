/** What gateways do to mail, and what it must be named. */

import { encodeBase64, encodeQuotedPrintable } from '../../../lambda/standards/mime/transfer-encoding.ts';
import type { AlterationCode } from '../../../lambda/trip/alterations/alteration-codes.ts';
import { plan, sent } from '../plan.ts';

export type Gateway = (raw: string) => string;

const { id } = plan.token;
const original = (role: string) => sent.parts.find((part) => part.role === role)?.content ?? Buffer.alloc(0);
const text = original('text').toString();
const html = original('html').toString();

interface Written {
  readonly type: string;
  readonly charset?: string;
  readonly encoding?: string;
}

/** A part of text, written anew. */
function section(content: string, { type, charset = 'utf-8', encoding = 'quoted-printable' }: Written): string {
  const octets = Buffer.from(content.replaceAll('\n', '\r\n'), charset === 'utf-8' ? 'utf8' : 'latin1');
  const writers: Readonly<Record<string, () => string>> = {
    base64: () => encodeBase64(octets),
    '8bit': () => octets.toString('latin1'),
  };
  const body = writers[encoding]?.() ?? encodeQuotedPrintable(content);
  return `\r\nContent-Type: ${type}; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`;
}

function withAlternative(nth: 1 | 2, written: string): Gateway {
  return (raw) =>
    raw
      .split(`--alternative-${id}`)
      .map((one, at) => (at === nth ? written : one))
      .join(`--alternative-${id}`);
}

const withText = (content: string, written: Omit<Written, 'type'> = {}) =>
  withAlternative(1, section(content, { type: 'text/plain', ...written }));
const withHtml = (content: string, written: Omit<Written, 'type'> = {}) =>
  withAlternative(2, section(content, { type: 'text/html', ...written }));
const without =
  (nth: 1 | 2): Gateway =>
  (raw) =>
    raw
      .split(`--alternative-${id}`)
      .filter((_, at) => at !== nth)
      .join(`--alternative-${id}`);

/** The attachment's part, from its delimiter on. */
const attachment = new RegExp(`--mixed-${id}\r\nContent-Type: application[\\s\\S]*?(?=--mixed-${id}--)`);
const withAttachment =
  (written: string): Gateway =>
  (raw) =>
    raw.replace(attachment, written === '' ? '' : `--mixed-${id}\r\n${written}\r\n`);
const withField =
  (name: string, value: string): Gateway =>
  (raw) =>
    raw.replace(new RegExp(`^${name}:.*\r\n(?:[ \t].*\r\n)*`, 'm'), () =>
      value === '' ? '' : `${name}: ${value}\r\n`,
    );
const inOrder =
  (...gateways: readonly Gateway[]): Gateway =>
  (raw) =>
    gateways.reduce((left, one) => one(left), raw);

const footer = '-- \nThis message is confidential. Terms: https://example.org/terms';
const banner = 'CAUTION: This email originated from outside of the organization.';
const link = `https://www.example.com/round-trip?message=${id}&part=1`;
const rewritten = `https://urldefense.example.org/v3/__${link}__;!!abc`;
const headerOf = (raw: string) => raw.slice(0, raw.indexOf('\r\n\r\n'));
/** The message as it is, within a new one. */
const enclosed = (raw: string) =>
  `${headerOf(raw).replace(/Content-Type:[\s\S]*$/, '')}Content-Type: multipart/mixed; boundary=spam\r\n\r\n--spam\r\nContent-Type: text/plain\r\n\r\nThis is probably spam.\r\n--spam\r\nContent-Type: message/rfc822\r\n\r\n${raw}\r\n--spam--\r\n`;
const replacedBody =
  (type: string, body: string): Gateway =>
  (raw) =>
    `${headerOf(raw).replace(/Content-Type:[\s\S]*$/, '')}Content-Type: ${type}\r\n\r\n${body}\r\n`;

export const GATEWAYS: readonly (readonly [name: string, change: Gateway, codes: readonly AlterationCode[]])[] = [
  ['nothing', (raw) => raw, []],
  ['LF as line ends', (raw) => raw.replaceAll('\r\n', '\n'), []],
  [
    'trace fields added',
    (raw) =>
      `Return-Path: <canary@example.com>\r\nReceived: from a by b; Thu, 26 Nov 2026 14:00:01 +0000\r\nX-Spam-Status: No\r\n${raw}`,
    [],
  ],
  ['header on long lines', (raw) => headerOf(raw).replace(/\r\n[ \t]+/g, ' ') + raw.slice(headerOf(raw).length), []],
  [
    'header folded at each space',
    (raw) => headerOf(raw).replace(/(\S) (?=\S)/g, '$1\r\n\t') + raw.slice(headerOf(raw).length),
    [],
  ],
  [
    'names of fields in capitals',
    (raw) => headerOf(raw).replace(/^[A-Za-z-]+:/gm, (name) => name.toUpperCase()) + raw.slice(headerOf(raw).length),
    [],
  ],
  ['a tag before the subject', (raw) => raw.replace(/^Subject: /m, 'Subject: [EXTERNAL] '), ['subject-tag']],
  ['a tag after the subject', (raw) => raw.replace(/^(Subject:.*\r\n .*)\r\n/m, '$1 {Spam?}\r\n'), ['subject-tag']],
  ['a tag in RFC 2047', (raw) => raw.replace(/^Subject: /m, 'Subject: =?utf-8?q?=5BA=C3=9FEN=5D?= '), ['subject-tag']],
  ['another subject', withField('Subject', 'Quarantined'), ['subject-changed']],
  ['a footer in the text', withText(`${text}\n${footer}`), ['text-footer']],
  ['a banner in the text', withText(`${banner}\n\n${text}`), ['text-banner']],
  ['both in the text', withText(`${banner}\n\n${text}\n${footer}`), ['text-banner', 'text-footer']],
  [
    'a footer in the HTML',
    withHtml(html.replace('</body>', '<hr><p>Confidential. Delete it.</p></body>')),
    ['html-footer'],
  ],
  [
    'a banner in the HTML',
    withHtml(html.replace('<body>', `<body><table style="x"><tr><td>${banner}</td></tr></table>`)),
    ['html-banner'],
  ],
  [
    'a footer in both',
    inOrder(withText(`${text}\n${footer}`), withHtml(html.replace('</body>', '<p>Confidential</p></body>'))),
    ['text-footer', 'html-footer'],
  ],
  ['links of the HTML rewritten', withHtml(html.replace(link, rewritten)), ['links-rewritten']],
  ['links of the text rewritten', withText(text.replace(link, rewritten)), ['links-rewritten']],
  [
    'links of both rewritten',
    inOrder(withText(text.replace(link, rewritten)), withHtml(html.replace(link, rewritten))),
    ['links-rewritten'],
  ],
  [
    'links rewritten, and a footer',
    inOrder(withText(`${text.replace(link, rewritten)}\n${footer}`)),
    ['text-footer', 'links-rewritten'],
  ],
  ['a link of the HTML removed', withHtml(html.replace(/<a href="[^"]*">([^<]*)<\/a>/, '$1')), ['links-removed']],
  ['a link of the text defused', withText(text.replace(link, link.replaceAll('.', '[.]'))), ['links-removed']],
  ['a link of the text with another scheme', withText(text.replace('https:', 'hxxps:')), ['links-removed']],
  ['a link of the text in brackets', withText(text.replace(link, `<${link}>`)), ['whitespace-changed']],
  ['a link of the text removed', withText(text.replace(link, '[link removed]')), ['links-removed']],
  ['a link with entities', withHtml(html.replace(link, link.replaceAll('&', '&amp;'))), ['html-rewritten']],
  [
    'an image added',
    withHtml(html.replace('</body>', '<img src="https://t.example.org/1.gif" width=1></body>')),
    ['image-added'],
  ],
  [
    'HTML written anew',
    withHtml(html.replaceAll('<p>', '<p class="MsoNormal">').replaceAll('ä', '&auml;').replaceAll('✓', '&#10003;')),
    ['html-rewritten'],
  ],
  ['HTML with other words', withHtml(html.replace('measure delivery', 'do harm')), ['html-changed']],
  ['HTML removed', without(2), ['html-missing']],
  ['text removed', without(1), ['text-missing']],
  ['text with other words', withText(text.replace('Other scripts', 'No scripts')), ['text-changed']],
  ['text cut off', withText(text.slice(0, 200)), ['message-truncated']],
  ['the attachment removed', withAttachment(''), ['attachment-removed']],
  [
    'a notice for the attachment',
    withAttachment('Content-Type: text/plain\r\n\r\nThe attachment round-trip.bin was removed.'),
    ['attachment-replaced'],
  ],
  [
    'a notice in a file for the attachment',
    withAttachment(
      'Content-Type: text/plain; name="AttachmentRemoved.txt"\r\nContent-Disposition: attachment; filename="AttachmentRemoved.txt"\r\n\r\nRemoved.',
    ),
    ['attachment-replaced'],
  ],
  [
    'another file of the same name',
    withAttachment(
      'Content-Type: application/octet-stream; name="round-trip.bin"\r\nContent-Disposition: attachment; filename="round-trip.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA',
    ),
    ['attachment-replaced'],
  ],
  ['the attachment cut off', (raw) => raw.slice(0, raw.length - 2_000), ['message-truncated']],
  ['the attachment renamed', (raw) => raw.replaceAll('round-trip.bin', 'round-trip.bin.txt'), ['attachment-renamed']],
  ['a name in RFC 2231', (raw) => raw.replace('filename="round-trip.bin"', "filename*=utf-8''round%2Dtrip.bin"), []],
  [
    'a footer as a part',
    (raw) =>
      raw.replace(
        `--mixed-${id}--`,
        `--mixed-${id}\r\nContent-Type: text/plain\r\n\r\n_______\r\nlist mailing list\r\n--mixed-${id}--`,
      ),
    ['part-added'],
  ],
  [
    'a signature as a part',
    (raw) =>
      raw.replace(
        `--mixed-${id}--`,
        `--mixed-${id}\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nAAAA\r\n--mixed-${id}--`,
      ),
    ['part-added'],
  ],
  ['enclosed by a spam filter', enclosed, ['wrapped', 'part-added']],
  [
    'encrypted with S/MIME',
    replacedBody('application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', 'MIAG'),
    ['wrapped'],
  ],
  [
    'encrypted with PGP',
    replacedBody(
      'multipart/encrypted; boundary=e',
      '--e\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--e\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n--e--',
    ),
    ['wrapped'],
  ],
  [
    'turned into winmail.dat',
    replacedBody(
      'multipart/mixed; boundary=t',
      '--t\r\nContent-Type: text/plain\r\n\r\nbody\r\n--t\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\neJ8+\r\n--t--',
    ),
    ['wrapped'],
  ],
  [
    'umlauts lost',
    withText(text.replace(/[^\0-\x7f]/gu, '?'), { charset: 'us-ascii', encoding: '8bit' }),
    ['characters-lost'],
  ],
  [
    'umlauts in two letters, and signs in ASCII',
    withText(
      text
        .replace(/[äöü]/g, (one) => ({ ä: 'ae', ö: 'oe', ü: 'ue' })[one] ?? '')
        .replace('€', 'EUR')
        .replace(/[“”]/g, '"')
        .replaceAll('…', '...')
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters of ASCII
        .replace(/[^\x00-\x7f]/g, '?'),
    ),
    ['characters-lost'],
  ],
  ['letters and accents apart (NFD)', withText(text.normalize('NFD')), ['characters-lost']],
  [
    'only seven bits of each octet',
    withText([...Buffer.from(text)].map((octet) => String.fromCharCode(octet & 127)).join('')),
    ['characters-lost'],
  ],
  ['a sign before From', withText(text.replace('\nFrom ', '\n>From ')), ['text-changed']],
  ['a dot lost', withText(text.replace('\n.A', '\nA')), ['text-changed']],
  ['a dot more', withText(text.replace('\n.A', '\n..A')), ['text-changed']],
  ['text emptied', withText(''), ['text-missing']],
  [
    'the attachment as another type',
    (raw) => raw.replace('Content-Type: application/octet-stream', 'Content-Type: text/plain'),
    ['header-changed'],
  ],
  ['UTF-8 read as Latin-1', withText(Buffer.from(text).toString('latin1')), ['characters-lost']],
  [
    'umlauts lost, and a footer',
    withText(`${text.replace(/[^\0-\x7f]/gu, '?')}\n${footer}`, { charset: 'us-ascii', encoding: '8bit' }),
    ['text-footer', 'characters-lost'],
  ],
  ['text in base64', withText(text, { encoding: 'base64' }), ['re-encoded']],
  ['text in 8 bits', withText(text, { encoding: '8bit' }), ['re-encoded']],
  [
    'both in base64',
    inOrder(withText(text, { encoding: 'base64' }), withHtml(html, { encoding: 'base64' })),
    ['re-encoded', 're-encoded'],
  ],
  [
    'text in UTF-16',
    (raw) =>
      withAlternative(
        1,
        `\r\nContent-Type: text/plain; charset=utf-16le\r\nContent-Transfer-Encoding: base64\r\n\r\n${encodeBase64(Buffer.from(text, 'utf16le'))}\r\n`,
      )(raw),
    ['charset-changed', 're-encoded'],
  ],
  ['lines broken elsewhere', withText(text.replaceAll(' words', '\nwords')), ['whitespace-changed']],
  ['another author', withField('From', '"canary via list" <list@example.org>'), ['from-changed']],
  ['a name for the author', withField('From', 'Canary <canary@example.com>'), ['header-re-encoded']],
  ['a name for the author in a comment', withField('From', 'canary@example.com (Canary)'), ['header-re-encoded']],
  ['another recipient', withField('To', 'undisclosed-recipients:;'), ['to-changed']],
  ['another Message-ID', withField('Message-ID', '<0100019-x@ses.example>'), ['message-id-changed']],
  ['another date', withField('Date', 'Thu, 26 Nov 2026 15:00:00 +0000'), ['date-changed']],
  ['the date in another zone', withField('Date', 'Thu, 26 Nov 2026 15:00:00 +0100 (CET)'), ['header-re-encoded']],
  ['a field removed', withField('Auto-Submitted', ''), ['header-removed']],
  ['a field changed', withField('Precedence', 'list'), ['header-changed']],
  [
    'RFC 2047 as UTF-8',
    withField('Comments', Buffer.from(`Prüfung der Zustellung – 日本語 ✓ ${id}`).toString('latin1')),
    ['header-re-encoded'],
  ],
  ['RFC 2047 lost', withField('Comments', `Pr?fung der Zustellung ? ??? ? ${id}`), ['header-changed']],
  [
    'attachment first',
    (raw) => {
      const [found = ''] = attachment.exec(raw) ?? [];
      return raw.replace(attachment, '').replace(`--mixed-${id}\r\n`, () => `${found}--mixed-${id}\r\n`);
    },
    ['re-arranged'],
  ],
];
