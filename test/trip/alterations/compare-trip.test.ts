import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALTERATIONS, alters } from '../../../lambda/trip/alterations/alteration-codes.ts';
import { compareTrip } from '../../../lambda/trip/alterations/compare-trip.ts';
import { buildTripMessage } from '../../../lambda/trip/message/build-trip-message.ts';
import { readTripMessage } from '../../../lambda/trip/message/read-trip-message.ts';
import { cpuTime } from '../../cpu-time.ts';
import { sign } from '../../standards/dkim/sign.ts';
import { plan, sent } from '../plan.ts';
import { GATEWAYS } from './gateways.ts';

const raw = sent.message.toString('latin1');
const alterationsOf = (text: string) => compareTrip(sent, readTripMessage(Buffer.from(text, 'latin1')));
const codesOf = (text: string) => alterationsOf(text).map(({ code }) => code);
const gateway = (name: string) => GATEWAYS.find(([own]) => own === name)?.[1] ?? expect.fail(name);

describe('what a gateway does is named', () => {
  test.each(GATEWAYS)('%s', (_, change, codes) => {
    expect(codesOf(change(raw))).toEqual(codes);
  });

  test('each gateway of the table changes the message', () => {
    const idle = GATEWAYS.filter(([, change]) => change(raw) === raw).map(([name]) => name);
    expect(idle).toEqual(['nothing']);
  });

  test('each alteration is made by a gateway of the table, or by the test of DKIM', () => {
    const made = new Set<string>(GATEWAYS.flatMap(([, , codes]) => codes));
    expect(Object.keys(ALTERATIONS).filter((code) => !made.has(code))).toEqual(['dkim-broken']);
  });

  test.each([
    ['a tag before the subject', '[EXTERNAL]'],
    ['links of the HTML rewritten', 'urldefense.example.org'],
    ['a footer in the HTML', 'Confidential. Delete it.'],
    [
      'a sign before From',
      '… line of mail should be, and here it ends. >From a line that some programs change. The last line of the text.',
    ],
    ['the attachment as another type', 'content-type: text/plain'],
    ['another author', 'From: "canary via list" <address>'],
    ['a notice for the attachment', 'text/plain, 42 octets'],
  ])('%s: the detail says what', (name, detail) => {
    expect(alterationsOf(gateway(name)(raw)).map((one) => one.detail)).toEqual([detail]);
  });
});

describe('DKIM', () => {
  const signed = async (canonicalization: string) => (await sign(sent.message, canonicalization)) + raw;

  test.each(['simple/simple', 'relaxed/relaxed', 'relaxed/simple'])('%s: intact as it was signed', async (form) => {
    const message = await signed(form);
    expect(message).toMatch(/^DKIM-Signature/);
    expect(readTripMessage(Buffer.from(message, 'latin1')).bodyHashes).toEqual([
      { domain: 'example.com', selector: 's', isIntact: true },
    ]);
    expect(codesOf(message)).toEqual([]);
  });

  test.each([
    ['a footer in the text', ['text-footer', 'dkim-broken']],
    ['text in base64', ['re-encoded', 'dkim-broken']],
    ['links of both rewritten', ['links-rewritten', 'dkim-broken']],
    ['a tag before the subject', ['subject-tag']],
    ['LF as line ends', []],
  ])('%s', async (name, codes) => {
    const message = await signed('relaxed/relaxed');
    expect(codesOf(gateway(name)(message))).toEqual(codes);
  });
});

describe('laws', () => {
  const plans = fc.record({
    token: fc.record({
      trip: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/),
      id: fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/),
      at: fc.integer({ min: 1_500_000_000_000, max: 4_000_000_000_000 }),
    }),
    key: fc.string({ minLength: 1 }),
    from: fc.emailAddress().filter((address) => /^[\w.+-]{1,64}@/.test(address)),
    to: fc.emailAddress().filter((address) => /^[\w.+-]{1,64}@/.test(address)),
    attachment: fc.integer({ min: 0, max: 20_000 }),
  });

  test('what is built is read with the same hashes, and is unchanged', () => {
    fc.assert(
      fc.property(plans, (one) => {
        const built = buildTripMessage(one);
        const received = readTripMessage(built.message);
        expect(received.parts.map(({ hash }) => hash)).toEqual(built.parts.map(({ hash }) => hash));
        expect(compareTrip(built, received)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('whoever folds the header anew, adds trace fields or converts line ends alters nothing', () => {
    const folding = fc.array(fc.constantFrom(' ', '\r\n ', '\r\n\t', '\r\n  '), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(folding, fc.constantFrom('\r\n', '\n'), fc.nat(5), (spaces, end, added) => {
        const at = raw.indexOf('\r\n\r\n');
        let nth = 0;
        const unfolded = raw.slice(0, at).replace(/\r\n[ \t]/g, ' ');
        const header = unfolded.replace(/(?<=[^:\s]) /g, () => spaces[nth++ % spaces.length] ?? ' ');
        const trace = 'Received: from a.example by b.example;\r\n Thu, 26 Nov 2026 14:00:00 +0000\r\n'.repeat(added);
        expect(alterationsOf(`${trace}${header}${raw.slice(at)}`.replaceAll('\r\n', end))).toEqual([]);
      }),
    );
  });

  test('two gateways in a row: what each does is named', () => {
    const altering = GATEWAYS.filter(([name]) =>
      /^(?:a tag before|a footer in the text|links of the HTML|another Mess|the attachment ren|a field rem)/.test(name),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray([...altering], { minLength: 2 }), (some) => {
        const codes = codesOf(some.reduce((left, [, change]) => change(left), raw));
        expect(new Set(codes)).toEqual(new Set(some.flatMap(([, , own]) => own)));
      }),
    );
  });

  test('any octets: nothing throws, nothing takes long, and details are one short line fit to be shown', () => {
    const pieces = fc.constantFrom(
      raw,
      raw.slice(0, 900),
      '<a href="',
      '<!--',
      '\r\n\r\n',
      `--mixed-${plan.token.id}\r\n`,
      'Subject: \x1b[2J\u202e'.slice(0, 12),
      '=?utf-8?q?=0D=0AX:=1B?=',
      'Content-Type: message/rfc822\r\n\r\n',
      '\x07',
    );
    const anything = fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(anything, (text) => {
        for (const { detail } of alterationsOf(text)) {
          expect(detail).toMatch(/^[^\p{Cc}\p{Cf}]*$/u);
          expect(detail.length).toBeLessThanOrEqual(200);
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [
      'parts nested 1,000 deep',
      Array.from(
        { length: 1_000 },
        (_, nth) => `Content-Type: multipart/mixed; boundary=b${nth}\r\n\r\n--b${nth}\r\n`,
      ).join(''),
    ],
    ['messages nested 20,000 deep', 'Content-Type: message/rfc822\r\n\r\n'.repeat(20_000)],
    ['100,000 parts', `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100_000)}`],
    ['1 MB of <', raw.replace('\r\n\r\n', `\r\n\r\n${'<'.repeat(1_000_000)}`)],
    [
      '1 MB of spaces in quoted-printable',
      `Content-Transfer-Encoding: quoted-printable\r\n\r\n${' '.repeat(1_000_000)}x`,
    ],
    ['HTML of many links', `Content-Type: text/html\r\n\r\n${'<a href='.repeat(125_000)}`],
    ['a header of 1 MB', `Subject: ${'=?utf-8?q?'.repeat(100_000)}`],
    ['many fields', 'Received: from (((((\r\n'.repeat(50_000)],
  ])('%s take less than a second', (_, text) => {
    expect(cpuTime(() => alterationsOf(text))).toBeLessThan(1_000);
  });

  test('each alteration has a meaning and a hint that end as sentences', () => {
    for (const [code, { meaning, hint }] of Object.entries(ALTERATIONS)) {
      expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(`${meaning} ${hint}`).toMatch(/^[A-Z].*\. [A-Z].*\.$/);
    }
    expect(alters({ code: 're-encoded', detail: '' })).toBe(false);
    expect(alters({ code: 'text-footer', detail: '' })).toBe(true);
  });
});
