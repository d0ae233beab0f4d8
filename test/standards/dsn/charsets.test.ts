import { expect, test } from 'vitest';
import { recordOfDsn } from '../../../lambda/bounces/dsn/outcomes-of-dsn.ts';
import { parseDsn } from '../../../lambda/standards/dsn/parse-dsn.ts';

/** `用户不存在` (no such user) in GBK, and `User unbekannt: Straße` in ISO 8859-1. */
const GBK = Buffer.from('d3c3bba7b2bbb4e6d4da', 'hex');
const SAID = '<jane.roe@example.net>: host mx.example.net said: 550 5.1.1 ';

function textBounce(type: string, said: Buffer): Buffer {
  const header = `From: MAILER-DAEMON@mx.example.com\r\nSubject: Undelivered mail returned to sender\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
  return Buffer.from(`${header}${Buffer.concat([Buffer.from(SAID), said, Buffer.from('\n')]).toString('base64')}\r\n`);
}

test.each([
  ['text/plain; charset=gb2312', GBK, '用户不存在'],
  ['text/plain; charset="GBK"', GBK, '用户不存在'],
  ['text/plain; charset=utf-8', Buffer.from('utilisateur inconnu – désolé'), 'utilisateur inconnu – désolé'],
  ['text/plain', Buffer.from('utilisateur inconnu – désolé'), 'utilisateur inconnu – désolé'],
  ['text/plain; charset=us-ascii', Buffer.from('desconocido: ñ'), 'desconocido: ñ'],
  ['text/plain; charset=iso-8859-1', Buffer.from('Straße', 'latin1'), 'Straße'],
  ['text/plain; charset=iso-2022-jp', Buffer.from('1b2442467c4b5c1b2842', 'hex'), '日本'],
  ['text/plain; charset=koi8-r', Buffer.from('c4cfcd', 'hex'), 'дом'],
  ['text/plain; charset=x-unknown', Buffer.from('plain'), 'plain'],
])('a bounce as %s says what the host said', (type, said, expected) => {
  const dsn = parseDsn(textBounce(type, said));
  expect(dsn?.recipients).toMatchObject([{ status: '5.1.1', domain: 'example.net' }]);
  expect(dsn?.recipients[0]?.diagnostic).toBe(`550 5.1.1 ${expected}`);
});

function report(diagnostic: string): Buffer {
  return Buffer.from(
    [
      'From: MAILER-DAEMON@mx.example.com',
      'Subject: Undelivered',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: message/global-delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.com',
      '',
      'Final-Recipient: utf-8; müller@example.net',
      'Action: failed',
      'Status: 5.1.1',
      `Diagnostic-Code: smtp; ${diagnostic}`,
      '',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      'From: shop@news.example.com',
      'To: jane.roe@example.net',
      'Subject: =?utf-8?B?SWhyZSBSZWNobnVuZyBNw6Ryeg==?=',
      '',
      '--b--',
      '',
    ].join('\r\n'),
  );
}

test('a report in UTF-8 (RFC 6533) is read, and names no subject that was encoded', () => {
  const raw = report('550 5.1.1 Empfänger unbekannt: „Ihre Rechnung März“');
  const dsn = parseDsn(raw) ?? expect.fail('no report');
  expect(dsn.recipients[0]?.diagnostic).toContain('Empfänger unbekannt');
  const record = recordOfDsn({ dsn, raw, at: 0 }, () => 'others');
  expect(record?.outcomes).toMatchObject([{ code: '5.1.1', text: '550 5.1.1 Empfänger unbekannt: „<name>“' }]);
});
