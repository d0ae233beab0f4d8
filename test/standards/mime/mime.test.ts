import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { describe, expect, test } from 'vitest';
import { formatDate, parseDate } from '../../../lambda/standards/mime/date.ts';
import { decodeWords, encodeWords, fieldText } from '../../../lambda/standards/mime/encoded-word.ts';
import { parseFields, splitHeader } from '../../../lambda/standards/mime/header.ts';
import { parameterText, parseParameters } from '../../../lambda/standards/mime/parameters.ts';
import { allParts, parseMessage } from '../../../lambda/standards/mime/parts.ts';
import {
  decodeBody,
  encodeBase64,
  encodeQuotedPrintable,
  partOctets,
} from '../../../lambda/standards/mime/transfer-encoding.ts';
import { formatField } from '../../../lambda/standards/mime/write-field.ts';
import { cpuTime } from '../../cpu-time.ts';

describe('the header', () => {
  test.each<[name: string, text: string, fields: readonly (readonly [string, string])[], body: string]>([
    [
      'folded',
      'A: b\r\n c\r\n\td\r\nE:f\r\n\r\nbody',
      [
        ['a', 'b c d'],
        ['e', 'f'],
      ],
      'body',
    ],
    ['LF', 'A: b\n c\n\nbody\n', [['a', 'b c']], 'body\n'],
    ['no body', 'A: b', [['a', 'b']], ''],
    ['no header', '\r\nbody', [], 'body'],
    [
      'empty value',
      'A:\r\nB:   \r\n\r\n',
      [
        ['a', ''],
        ['b', ''],
      ],
      '',
    ],
    ['a line of an mbox', 'From a@b.example Thu Nov 26 14:00:00 2026\r\nA: b\r\n\r\n', [['a', 'b']], ''],
    ['space before the colon', 'Subject : x\r\n\r\n', [['subject', 'x']], ''],
    ['an octet 0xA0 at the end', 'A: \xc3\xa0\r\n\r\n', [['a', '\xc3\xa0']], ''],
    ['a colon in the value', 'A: b: c\r\n\r\n', [['a', 'b: c']], ''],
  ])('%s', (_, text, fields, body) => {
    const found = splitHeader(text);
    expect(found.fields.map(({ name, value }) => [name, value])).toEqual(fields);
    expect(found.body).toBe(body);
  });

  test('what is written is read, on lines of at most 78 characters where words allow it', () => {
    const words = fc.array(fc.stringMatching(/^[!-~]{1,60}$/), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(words, (all) => {
        const text = formatField('X-Long-Name', all.join(' '));
        expect(parseFields(text)).toEqual([{ name: 'x-long-name', value: all.join(' ') }]);
        expect(Math.max(...text.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(78);
      }),
    );
  });

  test.each([
    ['A', 'b\r\nC: d'],
    ['A', 'b\n'],
    ['A', 'ä'],
    ['A', '\0'],
    ['A:', 'b'],
    ['A B', 'c'],
    ['', 'b'],
    ['A', 'x'.repeat(901)],
  ])('%j with %j is refused', (name, value) => {
    expect(() => formatField(name, value)).toThrow(TypeError);
  });
});

describe('parameters', () => {
  test.each<[text: string, name: string, value: string | null]>([
    ['text/plain; charset=UTF-8', 'charset', 'UTF-8'],
    ['text/plain; charset="utf-8" ; format=flowed', 'format', 'flowed'],
    ['a/b; name="a\\"b; c.pdf"', 'name', 'a"b; c.pdf'],
    ["attachment; filename*=UTF-8''na%C3%AFve%20plan.pdf", 'filename', 'naïve plan.pdf'],
    ['attachment; filename*0="a long "; filename*1="name.pdf"', 'filename', 'a long name.pdf'],
    ["attachment; filename*0*=utf-8''%C3; filename*1*=%A4.pdf", 'filename', 'ä.pdf'],
    ['attachment; filename="=?utf-8?q?=C3=A4.pdf?="', 'filename', 'ä.pdf'],
    ['attachment; FileName=x; filename=y', 'filename', 'x'],
    ['attachment', 'filename', null],
    ['text/plain; charset=utf-8; name="a', 'charset', 'utf-8'],
  ])('%s', (text, name, value) => {
    expect(parameterText(parseParameters(text), name)).toBe(value);
  });

  test('a quote that is never closed is read once', () => {
    const text = `text/plain; a="${'\\"'.repeat(4_000)}`;
    const before = process.cpuUsage().user;
    for (let nth = 0; nth < 60; nth++) parseParameters(text);
    expect((process.cpuUsage().user - before) / 1_000).toBeLessThan(500);
  });
});

describe('encoded words', () => {
  // RFC 2047 8.
  test.each([
    ['=?ISO-8859-1?Q?a?=', 'a'],
    ['=?ISO-8859-1?Q?a?= b', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a?=  \t =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a_b?=', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=', 'a b'],
    ['=?US-ASCII?Q?Keith_Moore?= <moore@example.com>', 'Keith Moore <moore@example.com>'],
    ['=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=', 'Keld Jørn Simonsen'],
    ['=?utf-8*en?b?w6Q=?=', 'ä'],
    ['=?x-unknown?q?=E4?=', 'ä'],
    ['=?utf-8?x?a?=', '=?utf-8?x?a?='],
    ['=?utf-8?q?a', '=?utf-8?q?a'],
  ])('%s', (value, text) => {
    expect(decodeWords(value)).toBe(text);
  });

  test('what is encoded is decoded, whatever the text, on words of at most 75 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const words = encodeWords(text);
        expect(decodeWords(words)).toBe(text);
        for (const word of words.split(' ')) expect(word.length).toBeLessThanOrEqual(75);
      }),
    );
  });

  test('UTF-8 without encoding (RFC 6532)', () => {
    expect(fieldText(Buffer.from('Grüße  ✓').toString('latin1'))).toBe('Grüße ✓');
  });
});

describe('transfer encodings', () => {
  test('what is encoded is decoded, on lines of at most 76 characters', () => {
    const text = fc
      .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', 'From ', '.', ' \n', '=', '\t\n')), {
        maxLength: 30,
      })
      .map((all) => all.join('').replaceAll('\r', ''));
    fc.assert(
      fc.property(text, (one) => {
        const encoded = encodeQuotedPrintable(one);
        expect(decodeBody(encoded, 'Quoted-Printable').toString()).toBe(one.replaceAll('\n', '\r\n'));
        expect(encoded).toMatch(/^[\t\r\n -~]*$/);
        for (const line of encoded.split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(76);
          expect(line).not.toMatch(/^From |[ \t]$/);
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (octets) => {
        const encoded = encodeBase64(Buffer.from(octets));
        expect(decodeBody(encoded, 'base64').equals(octets)).toBe(true);
        for (const line of encoded.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76);
      }),
    );
  });

  test.each([
    ['=41=\r\nB=3d', 'AB='],
    ['a  \r\nb\t\r\n', 'a\r\nb\r\n'],
    ['a=  \r\nb', 'ab'],
    ['=zz =4', '=zz =4'],
    ['\xc3\xa0', 'à'],
  ])('quoted-printable %j', (body, text) => {
    expect(decodeBody(body, 'quoted-printable').toString()).toBe(text);
  });
});

describe('parts', () => {
  test('a message of nodemailer has the parts that it was made of', async () => {
    const attachment = Buffer.from([0, 1, 2, 255, 13, 10, 46]);
    const raw = await new MailComposer({
      from: 'a@example.com',
      to: 'b@example.com',
      subject: 'Prüfung ✓ und ein langer Betreff, der gefaltet werden muss, weil er so lang ist',
      text: 'Grüße\n.\nFrom x',
      html: '<p>Grüße</p>',
      attachments: [{ filename: 'Übersicht.bin', content: attachment }],
    })
      .compile()
      .build();
    const parts = allParts(parseMessage(raw.toString('latin1')));
    expect(parts.map(({ type }) => type)).toEqual([
      'multipart/mixed',
      'multipart/alternative',
      'text/plain',
      'text/html',
      'application/octet-stream',
    ]);
    expect(parts.slice(2).map((part) => partOctets(part))).toEqual([
      Buffer.from('Grüße\r\n.\r\nFrom x'),
      Buffer.from('<p>Grüße</p>'),
      attachment,
    ]);
    const disposition = parts.at(-1)?.fields.find(({ name }) => name === 'content-disposition')?.value ?? '';
    expect(parameterText(parseParameters(disposition), 'filename')).toBe('Übersicht.bin');
    expect(fieldText(parts[0]?.fields.find(({ name }) => name === 'subject')?.value ?? '')).toMatch(
      /^Prüfung ✓ und ein langer/,
    );
  });

  const multipart = (body: string) =>
    allParts(parseMessage(`Content-Type: multipart/mixed; boundary="a b"\r\n\r\n${body}`))
      .slice(1)
      .map((part) => part.body);

  test.each<[name: string, body: string, parts: readonly string[]]>([
    ['two', 'preamble\r\n--a b\r\n\r\none\r\n--a b\r\n\r\ntwo\r\n--a b--\r\nepilogue', ['one', 'two']],
    ['the line end before a delimiter is its own', '--a b\r\n\r\none\r\n\r\n--a b--', ['one\r\n']],
    ['without an end', '--a b\r\n\r\none\r\n--a b\r\n\r\ntwo', ['one', 'two']],
    ['spaces after a delimiter', '--a b \t\r\n\r\none\r\n--a b--  ', ['one']],
    ['a longer boundary', '--a b\r\n\r\none\r\n--a bc\r\n--a b--', ['one\r\n--a bc']],
    ['not at the start of a line', '--a b\r\n\r\none --a b\r\n--a b--', ['one --a b']],
    ['LF', '--a b\n\none\n--a b--\n', ['one']],
    ['none', 'text', []],
    ['an end at once', '--a b--', []],
  ])('%s', (_, body, parts) => {
    expect(multipart(body)).toEqual(parts);
  });

  test('depth and number are bounded', () => {
    const deep = Array.from(
      { length: 1_000 },
      (_, nth) => `Content-Type: multipart/mixed; boundary=b${nth}\r\n\r\n--b${nth}\r\n`,
    ).join('');
    expect(allParts(parseMessage(deep)).length).toBe(11);
    expect(multipart('--a b\r\n\r\nx\r\n'.repeat(1_000)).length).toBe(100);
  });

  test('any text: nothing throws, and no part has what the message has not', () => {
    const pieces = fc.constantFrom(
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: message/rfc822',
      '\r\n',
      '\r\n\r\n',
      '--b',
      '--b--',
      'x',
      '; boundary=',
      '"',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string()), { maxLength: 40 }).map((all) => all.join('')),
        (text) => {
          for (const { body } of allParts(parseMessage(text))) expect(text).toContain(body);
        },
      ),
      { numRuns: 500 },
    );
  });
});

test.each([
  ['a comment', 'multipart/mixed (a; b) ; (c) boundary=abc (d)'],
  ['RFC 2231', "multipart/mixed; boundary*=us-ascii''abc"],
  ['RFC 2231, divided', 'multipart/mixed; boundary*0="a"; boundary*1=bc'],
  ['a quoted string with brackets', 'multipart/mixed; x="; (" ; boundary=abc'],
])('a boundary with %s', (_, type) => {
  const part = 'Content-Type: text/html (e)\r\nContent-Transfer-Encoding: base64 (f)\r\n\r\neA==\r\n';
  const parts = allParts(parseMessage(`Content-Type: ${type}\r\n\r\n--abc\r\n${part}--abc--\r\n`));
  expect(parts.map((one) => one.type)).toEqual(['multipart/mixed', 'text/html']);
  expect(partOctets(parts[1] ?? expect.fail()).toString()).toBe('x');
});

describe('dates', () => {
  test.each<[text: string, iso: string | null]>([
    ['Thu, 26 Nov 2026 14:00:02 +0000', '2026-11-26T14:00:02.000Z'],
    ['Thu, 26 Nov 2026 06:00:02 -0800 (PST)', '2026-11-26T14:00:02.000Z'],
    ['26 Nov 2026 14:00 GMT', '2026-11-26T14:00:00.000Z'],
    ['Thu, 26 Nov 26 09:00:02 EST', '2026-11-26T14:00:02.000Z'],
    ['Thu, 26 Nov 2026 19:30:02 +0530', '2026-11-26T14:00:02.000Z'],
    ['26-Nov-2026 14:00:02 +0000', '2026-11-26T14:00:02.000Z'],
    ['Fri, 26 Nov 99 14:00:02 Z', '1999-11-26T14:00:02.000Z'],
    ['Thu, 26 Nov 2026 15:00:02 +01:00', '2026-11-26T14:00:02.000Z'],
    ['Thu, 26 Nov 2026 15:00:02 GMT+0100', '2026-11-26T14:00:02.000Z'],
    ['Thu, 26 Nov 2026 15:00:02 UTC+01:00', '2026-11-26T14:00:02.000Z'],
    ['Thu, 26 Nov 2026 15:00:02 CET', '2026-11-26T14:00:02.000Z'],
    ['Thu, 26 Nov 2026 14:00:02 XYZ', '2026-11-26T14:00:02.000Z'],
    ['Thu, 26 Nov 2026 (a (b) c) 15:00:02 +0100 (CET (d))', '2026-11-26T14:00:02.000Z'],
    ['Thu, 26 Nov 2026 02:00:02 PM +0000', '2026-11-26T14:00:02.000Z'],
    ['Thu, 26 Nov 2026 12:00:02 AM +0000', '2026-11-26T00:00:02.000Z'],
    ['Thu, 26 Foo 2026 14:00:02 +0000', null],
    ['1', null],
    ['', null],
  ])('%s', (text, iso) => {
    const at = parseDate(text);
    expect(at === null ? null : new Date(at).toISOString()).toBe(iso);
  });

  test('what is written is read, and is what Node writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (second) => {
        const text = formatDate(second * 1_000);
        expect(parseDate(text)).toBe(second * 1_000);
        expect(text).toBe(new Date(second * 1_000).toUTCString().replace('GMT', '+0000'));
      }),
    );
  });
});

test.each<[name: string, decode: () => unknown]>([
  ['quoted-printable', () => decodeBody(`${' '.repeat(1_000_000)}x`, 'quoted-printable')],
  ['encoded words', () => decodeWords('=?utf-8?q?'.repeat(20_000))],
  ['gaps of encoded words', () => decodeWords(`?=${' '.repeat(65_536)}x`)],
  ['parameters', () => parseParameters(`a/b; ${'a'.repeat(65_536)}`)],
  ['quotes of parameters', () => parseParameters(`a/b${';x="\\"'.repeat(10_000)}`)],
  ['continuations', () => parseFields(`A: b${'\r\n x'.repeat(100_000)}`)],
  ['delimiters', () => parseMessage(`Content-Type: multipart/mixed; boundary=-\r\n\r\n${'-'.repeat(1_000_000)}`)],
])('hostile %s are read at once', (_, decode) => {
  expect(cpuTime(decode)).toBeLessThan(1_000);
});
