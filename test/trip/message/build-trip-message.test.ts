import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitHeader } from '../../../lambda/standards/mime/header.ts';
import { buildTripMessage } from '../../../lambda/trip/message/build-trip-message.ts';
import { readTripMessage } from '../../../lambda/trip/message/read-trip-message.ts';
import { formatToken, verifyToken } from '../../../lambda/trip/message/token.ts';
import { plan, sent } from '../plan.ts';

const lines = sent.message.toString('latin1').split('\r\n');
const names = splitHeader(sent.message.toString('latin1')).fields.map(({ name }) => name);

describe('the message', () => {
  test('fields', () => {
    expect(names).toEqual([
      'date',
      'from',
      'to',
      'message-id',
      'subject',
      'x-smtp-quorum-trip',
      'auto-submitted',
      'precedence',
      'comments',
      'x-smtp-quorum-references',
      'mime-version',
      'content-type',
    ]);
    expect(lines).toContain('Auto-Submitted: auto-generated');
    expect(lines).toContain('Precedence: bulk');
    expect(lines).toContain('Date: Thu, 26 Nov 2026 14:00:00 +0000');
    expect(lines).toContain('Message-ID: <0f3c5a7be1d24c68@example.com>');
    expect(names.filter((name) => name.startsWith('list-'))).toEqual([]);
    expect(lines.filter((line) => /^ 0f3c5a7be1d24c68-reference/.test(line)).length).toBeGreaterThan(5);
    expect(lines.join('\n')).toMatch(/^Comments: =\?UTF-8\?B\?/m);
  });

  test('CRLF, lines of at most 998 octets and ASCII; it ends with a line end, and has a line to stuff', () => {
    const text = sent.message.toString('latin1');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(998);
    expect(Math.max(...lines.filter((line) => !line.includes('v1:')).map(({ length }) => length))).toBeLessThanOrEqual(
      78,
    );
    expect(text).toMatch(/^[\r\n -~]*$/);
    expect(text.endsWith('\r\n')).toBe(true);
    expect(lines.filter((line) => line.startsWith('.'))).toEqual(['.A line that begins with a dot']);
    expect(lines.filter((line) => line.startsWith('From '))).toEqual([]);
  });

  test('the tree of its parts', () => {
    expect(
      readTripMessage(sent.message).parts.map(({ type, charset, encoding, filename, content }) => [
        type,
        charset,
        encoding,
        filename,
        content.length,
      ]),
    ).toEqual([
      ['text/plain', 'utf-8', 'quoted-printable', null, expect.any(Number)],
      ['text/html', 'utf-8', 'quoted-printable', null, expect.any(Number)],
      ['application/octet-stream', null, 'base64', 'round-trip.bin', 5_000],
    ]);
    expect(lines.filter((line) => line.startsWith('Content-Type:'))).toEqual([
      'Content-Type: multipart/mixed; boundary="mixed-0f3c5a7be1d24c68"',
      'Content-Type: multipart/alternative; boundary="alternative-0f3c5a7be1d24c68"',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Type: text/html; charset=utf-8',
      'Content-Type: application/octet-stream; name="round-trip.bin"',
    ]);
  });

  // A release that compares must build what another one sent: with other contents the version of the token is another.
  test('the same plan makes the same message as ever', () => {
    expect(buildTripMessage(plan).message.equals(sent.message)).toBe(true);
    expect(createHash('sha256').update(sent.message).digest('hex').slice(0, 16)).toBe('2e75fe83c221c99c');
  });

  test.each([0, 1, 1_000_000])('an attachment of %i octets', (attachment) => {
    const built = buildTripMessage({ ...plan, attachment });
    expect(
      readTripMessage(built.message)
        .parts.slice(2)
        .map(({ content }) => content.length),
    ).toEqual(attachment === 0 ? [] : [attachment]);
  });

  test.each([
    ['from', { from: 'a@example.com\r\nBcc: b@example.com' }],
    ['to', { to: 'a@example.com, b@example.com' }],
    ['display name', { from: 'A <a@example.com>' }],
    ['characters outside of ASCII', { to: 'ä@example.com' }],
    ['identifier', { token: { ...plan.token, id: 'x' } }],
    ['trip', { token: { ...plan.token, trip: 'a b' } }],
    ['time', { token: { ...plan.token, at: Number.NaN } }],
    ['size', { attachment: 1e9 }],
    ['part of an octet', { attachment: 1.5 }],
  ])('a wrong %s is refused', (_, wrong) => {
    expect(() => buildTripMessage({ ...plan, ...wrong })).toThrow(TypeError);
  });

  test('no setting makes another field or another line', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\r\nBcc: x@example.com', 'a@b.example\n\nbody', 'a@b.example\0'),
    );
    const mixed = fc
      .tuple(fc.constantFrom('', 'a@example.com', 'trip-1234'), hostile)
      .map(([start, end]) => start + end);
    fc.assert(
      fc.property(mixed, fc.constantFrom('from', 'to', 'trip', 'id'), (text, where) => {
        const token = { ...plan.token, ...(where === 'trip' || where === 'id' ? { [where]: text } : {}) };
        const changed = where === 'from' || where === 'to' ? { ...plan, [where]: text } : { ...plan, token };
        let message: string;
        try {
          message = buildTripMessage(changed).message.toString('latin1');
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        expect(splitHeader(message).fields.map(({ name }) => name)).toEqual(names);
        expect(message).toMatch(/^[\r\n -~]*$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the token', () => {
  const text = formatToken(plan.token, plan.key);

  test('its HMAC is that of Node', () => {
    const signed = 'v1:out-to-mailbox:0f3c5a7be1d24c68:1795701600000';
    expect(text).toBe(`${signed}:${createHmac('sha256', plan.key).update(signed).digest('base64url')}`);
  });

  test.each([text, `[EXTERNAL] Round trip ${text}`, `Re: ${text} {Spam?}`, `<${text}>`])('is found in %s', (found) => {
    expect(verifyToken(found, plan.key)).toEqual(plan.token);
  });

  test('is in a field and in the subject: one of them is enough', () => {
    const raw = sent.message.toString('latin1');
    const withoutField = raw.replace(/^X-Smtp-Quorum-Trip:.*\r\n(?: .*\r\n)*/m, '');
    expect(withoutField).not.toBe(raw);
    for (const one of [raw, withoutField, raw.replace(/^Subject:.*\r\n(?: .*\r\n)*/m, '')]) {
      expect(verifyToken(readTripMessage(Buffer.from(one, 'latin1')).token ?? '', plan.key)).toEqual(plan.token);
    }
  });

  test('with any character changed, or of another key, it is not ours', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('A', 'z', '0', '-', ':', ' '), (at, by) => {
        fc.pre(text[at] !== by);
        const forged = text.slice(0, at) + by + text.slice(at + 1);
        const found = verifyToken(forged, plan.key);
        // The last character of base64 has two bits that say nothing.
        if (at < text.length - 1) expect(found).toBeNull();
      }),
    );
    fc.assert(fc.property(fc.string(), (key) => key === plan.key || verifyToken(text, key) === null));
    fc.assert(fc.property(fc.string(), (any) => verifyToken(any, plan.key) === null));
  });
});
