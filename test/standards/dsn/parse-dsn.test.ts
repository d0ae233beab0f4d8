import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dsn } from '../../../lambda/standards/dsn/dsn.ts';
import { parseDsn } from '../../../lambda/standards/dsn/parse-dsn.ts';
import { leastCpuTime } from '../../cpu-time.ts';
import { BOUNCES, type Bounce } from './corpus.ts';

function written(dsn: Dsn | null): readonly string[] {
  if (dsn === null) return ['none'];
  const original = dsn.original.length > 0 ? ' original' : '';
  return dsn.recipients.map(
    ({ action, status, domain, remoteHost }) =>
      `${dsn.form} ${action} ${status ?? '-'} ${domain ?? '-'} ${remoteHost ?? '-'}${original}`,
  );
}

const bounce = (name: string) => BOUNCES.find((one) => one.name === name) ?? expect.fail(name);

describe('a corpus of bounces', () => {
  test.each(BOUNCES.map((one): [string, Bounce] => [one.name, one]))('%s', (_, { raw, expected }) => {
    expect(written(parseDsn(raw))).toEqual(expected);
  });

  test('has 60 bounces or more, and messages that are none', () => {
    expect(BOUNCES.filter(({ expected }) => expected[0] !== 'none').length).toBeGreaterThanOrEqual(60);
    expect(BOUNCES.filter(({ expected }) => expected[0] === 'none').length).toBeGreaterThanOrEqual(5);
    expect(new Set(BOUNCES.map(({ name }) => name)).size).toBe(BOUNCES.length);
  });

  test('has no address but those of documentation', () => {
    for (const { name, raw } of BOUNCES) {
      const hosts = [...raw.toString().matchAll(/[\w.+-]+@([\w.-]+\.\w+)/g)].map(([, host = '']) => host);
      const real = hosts.filter(
        (host) =>
          !/(?:^|\.)(?:example(?:\.\w+)?|amazonses\.com|googlemail\.com|exchangelabs\.com|pphosted\.com|barracudanetworks\.com|iphmx\.com)$/.test(
            host,
          ) && !/\.example$/.test(host),
      );
      expect(real, name).toEqual([]);
    }
  });

  test('LF as line ends makes no difference', () => {
    for (const { name, raw, expected } of BOUNCES) {
      expect(written(parseDsn(Buffer.from(raw.toString().replaceAll('\r\n', '\n')))), name).toEqual(expected);
    }
  });

  test('what the host said is one line, without the type, and the message has its identifier', () => {
    const dsn = parseDsn(bounce('Postfix, unknown user').raw);
    expect(dsn?.reportingHost).toBe('mail.example.com');
    expect(dsn?.recipients[0]?.diagnostic).toBe(
      '550 5.1.1 <user@example.net>: Recipient address rejected: User unknown in virtual mailbox table',
    );
    expect(dsn?.original.find(({ name }) => name === 'message-id')?.value).toBe('<1@example.com>');
    expect(parseDsn(bounce('Exim as text').raw)?.original.find(({ name }) => name === 'message-id')?.value).toBe(
      '<11@example.com>',
    );
    expect(parseDsn(bounce('qmail, remote host').raw)?.recipients[0]?.diagnostic).toContain('Relay access denied');
    for (const { name, raw } of BOUNCES) {
      for (const { diagnostic } of parseDsn(raw)?.recipients ?? [])
        expect(diagnostic ?? 'x', name).toMatch(/^\S[^\r\n]*$/);
    }
  });

  test('no recipient is kept: only the domain, and what the host said', () => {
    for (const { name, raw } of BOUNCES) {
      const { recipients = [] } = parseDsn(raw) ?? {};
      const kept = recipients.map(({ diagnostic: _, ...others }) => others);
      expect(JSON.stringify(kept), name).not.toMatch(/@|user|alias|group/);
    }
  });
});

describe('hostile input', () => {
  const octets = fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array));
  const some = fc.constantFrom(...BOUNCES);

  /** Pieces of bounces, cut, repeated and put together in any order. */
  const mixed = fc
    .array(fc.tuple(some, fc.nat(), fc.nat()), { minLength: 1, maxLength: 8 })
    .map((pieces) =>
      Buffer.concat(
        pieces.map(([{ raw }, from, length]) =>
          raw.subarray(from % raw.length, (from % raw.length) + (length % 3_000)),
        ),
      ),
    );

  const changed = fc
    .tuple(some, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 20 }))
    .map(([{ raw }, changes]) => {
      const copy = Buffer.from(raw);
      for (const [at, by] of changes) copy[at % copy.length] = by;
      return copy;
    });

  test.each([
    ['any octets', octets],
    ['pieces of bounces', mixed],
    ['bounces with changed octets', changed],
  ])('%s: nothing throws, and what is found is well formed', (_, messages) => {
    fc.assert(
      fc.property(messages, (raw) => {
        const dsn = parseDsn(raw);
        for (const { status, domain, remoteHost, diagnostic, action } of dsn?.recipients ?? []) {
          expect(action).toMatch(/^(?:failed|delayed|delivered|relayed|expanded)$/);
          expect(status ?? '5.0.0').toMatch(/^[245]\.\d{1,3}\.\d{1,3}$/);
          expect(domain ?? 'a').toMatch(/^[a-z0-9_.:-]{1,253}$/);
          expect(remoteHost ?? 'a').toMatch(/^[a-z0-9_.:-]{1,253}$/);
          expect(diagnostic ?? 'x').toMatch(/^[^\r\n]{1,1000}$/);
        }
      }),
      { numRuns: 400 },
    );
  });

  const report = (status: string) =>
    `From: MAILER-DAEMON@a.example\r\nSubject: Returned mail\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n${status}\r\n--b--\r\n`;
  const text = (body: string) => `From: MAILER-DAEMON@a.example\r\nSubject: Returned mail\r\n\r\n${body}`;
  const filled = (piece: string) => piece.repeat(Math.ceil(65_536 / piece.length)).slice(0, 65_536);

  const HOSTILE: readonly (readonly [name: string, raw: string])[] = [
    [
      'parts nested 1,000 deep',
      Array.from(
        { length: 1_000 },
        (_, nth) => `Content-Type: multipart/mixed; boundary=b${nth}\r\n\r\n--b${nth}\r\n`,
      ).join(''),
    ],
    ['messages nested 1,000 deep', 'Content-Type: message/rfc822\r\n\r\n'.repeat(1_000)],
    ...[
      '\n',
      '\r\n\r\n',
      ' ',
      '<',
      '-',
      '(',
      '@',
      'a@',
      '<a@b.example>:\n',
      '550 ',
      '5.1.1 ',
      '--b\r\n',
      'a',
      '0',
      ';',
      '=',
      '\r\n ',
      ':',
      '<a@',
      '&lt;',
      '  a@b.example\n',
    ].flatMap((piece) => [
      [`a report of ${JSON.stringify(piece)}`, report(filled(piece))] as const,
      [`a text of ${JSON.stringify(piece)}`, text(filled(piece))] as const,
      [
        `a text of Exim of ${JSON.stringify(piece)}`,
        text(`The following address(es) failed:\n\n${filled(piece)}`),
      ] as const,
      [
        `a text of qmail of ${JSON.stringify(piece)}`,
        text(`Hi. This is the qmail-send program\n\n<a@b.example>:\n${filled(piece)}`),
      ] as const,
      [
        `HTML of ${JSON.stringify(piece)}`,
        text('x').replace('\r\n\r\n', `\r\nContent-Type: text/html\r\n\r\n${filled(piece)}`),
      ] as const,
      [`a header of ${JSON.stringify(piece)}`, `Content-Type: multipart/report; ${filled(piece)}`] as const,
      [
        `a recipient of ${JSON.stringify(piece)}`,
        report(
          `Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822;${filled(piece)}\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; ${filled(piece)}`,
        ),
      ] as const,
    ]),
  ];

  test.each(HOSTILE)('64 KB, %s: less than half a second', (_, raw) => {
    expect(leastCpuTime(() => parseDsn(Buffer.from(raw)), 3)).toBeLessThan(500);
  });

  test('recipients are bounded', () => {
    const many = report(
      `Reporting-MTA: dns; a\r\n\r\n${'Final-Recipient: rfc822;a@b.example\r\nAction: failed\r\nStatus: 5.0.0\r\n\r\n'.repeat(2_000)}`,
    );
    const { length = 0 } = parseDsn(Buffer.from(many))?.recipients ?? [];
    expect(length).toBeGreaterThan(500);
    expect(length).toBeLessThanOrEqual(1_000);
  });
});
