import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../lambda/smtp/refusals.ts';
import type { State } from '../../lambda/smtp/transitions.ts';

/** As real servers word them. */
const AIMED: readonly [State, string, string][] = [
  [
    'rcpt',
    '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1',
    'vantage-listed',
  ],
  [
    'greeting',
    "554-mx1.example.com\r\n554 Your access to this mail system has been rejected due to the sending MTA's poor reputation.",
    'vantage-refused',
  ],
  ['greeting', '550 5.7.1 [192.0.2.1] listed at bl.spamcop.net', 'vantage-listed'],
  [
    'mail',
    '550 5.7.1 Unfortunately, messages from [192.0.2.1] were not sent. You are on our block list (S3150).',
    'vantage-listed',
  ],
  ['rcpt', '550-5.7.25 The IP address sending this message does not have a PTR record setup', 'vantage-refused'],
  ['rcpt', '450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]', 'vantage-refused'],
  ['rcpt', '450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]', 'vantage-refused'],
  ['greeting', '421 4.7.0 mx1.example.com Error: too many connections from 192.0.2.1', 'vantage-rate-limited'],
  [
    'greeting',
    '421 4.7.28 Our system has detected an unusual rate of unsolicited mail originating from your IP address',
    'vantage-rate-limited',
  ],
  ['ehlo', '450 4.7.1 Throttled', 'vantage-rate-limited'],
];

const NOT_AIMED: readonly [State, string, string][] = [
  ['rcpt', '554 5.7.1 <x@example.net>: Relay access denied', 'rcpt-refused'],
  ['rcpt', '550 5.1.1 <x@example.com>: Recipient address rejected: User unknown', 'rcpt-refused'],
  ['rcpt', '550 5.1.1 x@example.com... not listed in Domino Directory', 'rcpt-refused'],
  [
    'rcpt',
    '550 5.7.1 <x@example.com>: Recipient address rejected: blocked by policy of the mailbox owner',
    'rcpt-refused',
  ],
  ['rcpt', '450 4.2.0 <x@example.com>: Recipient address rejected: Greylisted', 'rcpt-greylisted'],
  ['rcpt', '451 4.7.1 Please try again later', 'rcpt-greylisted'],
  ['rcpt', '452 4.2.2 Mailbox full', 'storage-insufficient'],
  ['mail', '550 5.1.8 <x@example.org>: Sender address rejected: Domain not found', 'mail-refused'],
  ['greeting', '554 No SMTP service here', 'greeting-refused'],
  ['greeting', '421 4.3.2 All server ports are busy', 'service-unavailable'],
  ['auth', '535 5.7.8 Error: authentication failed: too many attempts', 'auth-rejected'],
  ['data', '554 5.7.1 Message contains a URL listed by dbl.spamhaus.org', 'data-refused'],
];

describe.each([
  ['aimed at the vantage', AIMED],
  ['not aimed at the vantage', NOT_AIMED],
] as const)('%s', (_, refusals) => {
  test.each(refusals)('%s: %s', (state, text, code) => {
    const lines = text.split('\r\n');
    expect(refusalOf(state, { code: Number(text.slice(0, 3)), lines })).toBe(code);
  });
});
