/** A server may quote the name of a recipient in its reply. However the report writes the recipient, the name is hidden. */
import { expect, test } from 'vitest';
import { recordOfDsn } from '../../../lambda/bounces/dsn/outcomes-of-dsn.ts';
import { hideMessage } from '../../../lambda/bounces/hide-addresses.ts';
import { parseDsn } from '../../../lambda/standards/dsn/parse-dsn.ts';
import { cpuTime } from '../../cpu-time.ts';

function status(recipient: string, said: string): string {
  return `Reporting-MTA: dns; mx.example.com\r\n\r\n${recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 ${said}\r\n`;
}

function report(text: string, field = ''): string {
  return `From: MAILER-DAEMON@mx.example.com\r\nSubject: Undelivered Mail\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n${field}\r\n${text}\r\n--b--\r\n`;
}

const JANE = status('Final-Recipient: rfc822; jane.roe@example.net', 'mailbox jane.roe unknown');
const encoded = (
  Buffer.from(JANE)
    .toString('base64')
    .match(/.{1,76}/g) ?? []
).join('\r\n');

const CASES: readonly (readonly [string, string])[] = [
  ['a report', report(JANE)],
  ['a report in base64', report(encoded, 'Content-Transfer-Encoding: base64\r\n')],
  ['a report in base64, with a comment', report(encoded, 'Content-Transfer-Encoding: base64 (by the gateway)\r\n')],
  [
    'a long page before the report',
    report(JANE).replace('--b\r\n', `--b\r\nContent-Type: text/html\r\n\r\n${'<p>no</p>\r\n'.repeat(10_000)}--b\r\n`),
  ],
  [
    'a report in quoted-printable',
    report(
      JANE.replace('roe@', 'roe=40').replace('box jane', 'box=20jane'),
      'Content-Transfer-Encoding: quoted-printable\r\n',
    ),
  ],
  ['a folded field', report(status('Final-Recipient: rfc822;\r\n jane.roe@example.net', 'mailbox jane.roe unknown'))],
  ['a quoted local part', report(status('Final-Recipient: rfc822; "jane roe"@example.net', 'jane roe unknown'))],
  ['xtext', report(status('Original-Recipient: rfc822;jane+2Broe@example.net', 'mailbox jane+roe unknown'))],
  ['UTF-8', report(status('Final-Recipient: utf-8; jänë.roe@example.net', 'mailbox jänë.roe unknown'))],
  ['a comment', report(status('Final-Recipient: rfc822; jane.roe@example.net (Jane)', 'mailbox jane.roe unknown'))],
  ['names in a reply', report(status('Final-Recipient: rfc822; jane.roe@example.net', 'User Jane Roe not listed'))],
  [
    'a list of failed recipients',
    'From: Mail Delivery System <Mailer-Daemon@mx.example.com>\r\nX-Failed-Recipients: john.doe@example.org,\r\n jane.roe@example.net\r\nSubject: Mail delivery failed\r\n\r\nThe following address(es) failed:\r\n\r\n  jane.roe@example.net\r\n    550 5.1.1 mailbox jane.roe unknown, nor john.doe\r\n',
  ],
  [
    'a text that names the recipient in a sentence',
    'Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.com\r\nSubject: Undeliverable\r\n\r\nYour message to jane.roe@example.net failed: 550 5.1.1 mailbox jane.roe unknown\r\n',
  ],
];

test.each(CASES)('%s', (_, text) => {
  const raw = Buffer.from(text);
  const dsn = parseDsn(raw) ?? expect.fail('no bounce');
  const texts = recordOfDsn({ dsn, raw, at: 0 }, () => 'x')?.outcomes.map((outcome) => outcome.text) ?? [];
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.join()).toContain('<name>');
  expect(texts.join()).not.toMatch(/jane|roe|jänë|john|doe/i);
});

test('of a thousand recipients each one is hidden, and soon', () => {
  const recipient = Array.from({ length: 1_000 }, (_, nth) => `person${nth}x@example.net`);
  let hidden: readonly string[] = [];
  const took = cpuTime(() => {
    hidden = [0, 500, 999].map((nth) => hideMessage(`550 5.1.1 person${nth}x, unknown.`, { recipient }));
  });
  expect(new Set(hidden)).toEqual(new Set(['550 5.1.1 <name>, unknown.']));
  expect(took).toBeLessThan(1_000);
});

test('a name without a separator is not looked for in parts, nor are short parts', () => {
  expect(hideMessage('550 mailbox is full, ask al', { recipient: 'al.full@example.net' })).toBe(
    '550 mailbox is full, ask al',
  );
  expect(
    hideMessage('550 User not found', { recipient: ['do-not-reply@example.net', 'user.unknown@example.net'] }),
  ).toBe('550 User not found');
  expect(hideMessage('550 the mailbox is full', { recipient: 'mailboxfull@example.net' })).toBe(
    '550 the mailbox is full',
  );
});
