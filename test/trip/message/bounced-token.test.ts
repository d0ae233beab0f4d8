import { describe, expect, test } from 'vitest';
import { parseDsn } from '../../../lambda/standards/dsn/parse-dsn.ts';
import { bouncedToken } from '../../../lambda/trip/message/bounced-token.ts';
import { buildTripMessage } from '../../../lambda/trip/message/build-trip-message.ts';
import { plan, sent } from '../plan.ts';

const raw = sent.message.toString('latin1');
const header = raw.slice(0, raw.indexOf('\r\n\r\n'));

const forms: Readonly<Record<string, (quoted: string) => string>> = {
  'RFC 3464, message': (quoted) => report(`--b\r\nContent-Type: message/rfc822\r\n\r\n${quoted}\r\n\r\nx`),
  'RFC 3464, header': (quoted) => report(`--b\r\nContent-Type: text/rfc822-headers\r\n\r\n${quoted}`),
  'RFC 3464, header in base64': (quoted) =>
    report(
      `--b\r\nContent-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(quoted).toString('base64')}`,
    ),
  qmail: (quoted) =>
    `From: MAILER-DAEMON@mail.example.net\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program at mail.example.net.\r\n\r\n<seed@example.net>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n${quoted}\r\n\r\nx`,
  Exim: (quoted) =>
    `From: Mailer-Daemon@mail.example.net\r\nSubject: Mail delivery failed\r\n\r\nThe following address(es) failed:\r\n\r\n  seed@example.net\r\n    550 5.1.1 No\r\n\r\n------ This is a copy of the message, including all the headers. ------\r\n\r\n${quoted}\r\n\r\nx`,
};

function report(part: string): string {
  return `From: MAILER-DAEMON@mail.example.net\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.net\r\n\r\nFinal-Recipient: rfc822;seed@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n${part}\r\n--b--\r\n`;
}

function tokenIn(message: string) {
  const dsn = parseDsn(Buffer.from(message, 'latin1'));
  expect(dsn?.recipients.map(({ status }) => status)).toEqual(['5.1.1']);
  return dsn === null ? null : bouncedToken(dsn, plan.key);
}

describe.each(Object.entries(forms))('a bounce as %s', (_, bounceOf) => {
  test('is of our message', () => {
    expect(tokenIn(bounceOf(header))).toEqual(plan.token);
  });

  test('is not ours with the HMAC of another key, with another trip, or without a token', () => {
    const forged = buildTripMessage({ ...plan, key: 'another key' }).message.toString('latin1');
    expect(tokenIn(bounceOf(forged.slice(0, forged.indexOf('\r\n\r\n'))))).toBeNull();
    expect(tokenIn(bounceOf(header.replaceAll('out-to-mailbox', 'another-trip')))).toBeNull();
    expect(tokenIn(bounceOf('Message-ID: <1@example.com>\r\nSubject: Hello'))).toBeNull();
  });

  test('is ours by the subject alone', () => {
    expect(tokenIn(bounceOf(header.replace(/^X-Smtp-Quorum-Trip:.*\r\n(?: .*\r\n)*/m, '')))).toEqual(plan.token);
  });
});
