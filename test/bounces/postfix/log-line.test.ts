import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type PostfixDelivery, readPostfixLine } from '../../../lambda/bounces/postfix/log-line.ts';
import { logTime } from '../../../lambda/bounces/postfix/log-time.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const AT = '2026-11-26T09:12:01.123456+00:00 mail ';

const deliveries: readonly (readonly [string, string, Partial<PostfixDelivery>])[] = [
  [
    'delivered',
    'postfix/smtp[4711]: 4FABC1234: to=<user@example.net>, relay=mx.example.net[192.0.2.1]:25, delay=1.2, delays=0.1/0.01/0.5/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4XYZ)',
    { status: 'sent', relay: 'mx.example.net', recipient: 'user@example.net', delay: 1.2, code: '2.0.0' },
  ],
  [
    'long queue id',
    'postfix/smtp[1]: 4XyZ0r1PzBz9rxM: to=<u@example.net>, relay=MX.Example.NET[2001:db8::1]:25, delay=0.5, delays=0/0/0/0, dsn=5.1.1, status=bounced (host MX.Example.NET[2001:db8::1] said: 550 5.1.1 <u@example.net>: User unknown (in reply to RCPT TO command))',
    { status: 'bounced', relay: 'mx.example.net', code: '5.1.1', queueId: '4XyZ0r1PzBz9rxM' },
  ],
  [
    'alias before',
    'postfix/smtp[1]: 4FABC1234: to=<u@example.net>, orig_to=<list@example.com>, relay=none, delay=30, delays=0/0/30/0, dsn=4.4.1, status=deferred (connect to mx.example.net[192.0.2.1]:25: Connection timed out)',
    {
      status: 'deferred',
      relay: null,
      code: '4.4.1',
      text: 'connect to mx.example.net[192.0.2.1]:25: Connection timed out',
    },
  ],
  [
    'connection used again, a second instance',
    'postfix-out/smtp[1]: 4FABC1234: to=<u@example.net>, relay=mx.example.net[192.0.2.1]:25, conn_use=3, delay=2, delays=0/0/1/1, dsn=2.0.0, status=sent (250 ok)',
    { status: 'sent', delay: 2 },
  ],
  [
    'the error service',
    'postfix/error[1]: 4FABC1234: to=<u@nowhere.example>, relay=none, delay=0.1, delays=0/0/0/0, dsn=5.4.4, status=bounced (Host or domain name not found. Name service error for name=nowhere.example type=A: Host not found)',
    { status: 'bounced', relay: null, code: '5.4.4' },
  ],
  [
    'LMTP to another host',
    'postfix/lmtp[1]: 4FABC1234: to=<u@example.com>, relay=store.example.com[192.0.2.9]:24, delay=0.1, delays=0/0/0/0, dsn=5.2.2, status=bounced (host store.example.com[192.0.2.9] said: 552 5.2.2 Quota exceeded)',
    { status: 'bounced', relay: 'store.example.com', code: '5.2.2' },
  ],
  [
    'a recipient without text',
    'postfix/smtp[1]: 4FABC1234: to=<>, relay=none, delay=1, dsn=4.0.0, status=deferred',
    { recipient: '', text: '' },
  ],
];

const BOUNCED =
  '4FABC1234: to=<u@example.net>, relay=mx.example.net[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.5/0.6, dsn=5.1.1, status=bounced (host mx.example.net[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command))';

/** What syslog, journalctl and containers write before the line of Postfix. All are of one second. */
const HEADS = [
  ['RFC 3164', 'Nov 26 09:12:01 mail postfix/smtp[12]: '],
  ['without a host', 'Nov 26 09:12:01 postfix/smtp[12]: '],
  ['journalctl -o short-precise', 'Nov 26 09:12:01.123456 mail postfix/smtp[12]: '],
  ['journalctl -o short-full', 'Thu 2026-11-26 09:12:01 UTC mail postfix/smtp[12]: '],
  ['journalctl -o short-full, with an offset', 'Thu 2026-11-26 10:12:01 +01 mail postfix/smtp[12]: '],
  ['journalctl -o short-unix', '1795684321.123456 mail postfix/smtp[12]: '],
  ['journalctl -o short-iso', '2026-11-26T10:12:01+0100 mail postfix/smtp[12]: '],
  ['ISO 8601 with a space', '2026-11-26 10:12:01+01:00 mail postfix/smtp[12]: '],
  ['ISO 8601 without a zone', '2026-11-26 09:12:01 mail postfix/smtp[12]: '],
  ['ISO 8601 with a comma', '2026-11-26T09:12:01,123Z mail postfix/smtp[12]: '],
  ['a year before the month', '2026 Nov 26 09:12:01 mail postfix/smtp[12]: '],
  ['a priority', '<22>Nov 26 09:12:01 mail postfix/smtp[12]: '],
  ['RFC 5424', '<22>1 2026-11-26T09:12:01.123Z mail postfix/smtp 12 - - '],
  ['RFC 5424 with data, without a priority', '1 2026-11-26T09:12:01Z mail postfix/smtp 12 x [a b="c"][d] \ufeff'],
  ['facility and level of FreeBSD', 'Nov 26 09:12:01 <mail.info> mail postfix/smtp[12]: '],
  ['facility and level of FreeBSD, in numbers', 'Nov 26 09:12:01 <2.6> mail postfix/smtp[12]: '],
  ['Solaris', 'Nov 26 09:12:01 mail postfix/smtp[12]: [ID 197553 mail.info] '],
  ['a container by CRI', '2026-11-26T09:12:01.123456789Z stdout F Nov 26 09:12:00 mail postfix/smtp[12]: '],
  ['docker logs -t', '2026-11-26T09:12:01.123456789Z 2026-11-26T09:12:00+00:00 mail postfix/smtp[12]: '],
  ['a service with a name of its own', 'Nov 26 09:12:01 mail postfix/relay/smtp[12]: '],
  ['a syslog_name without the word', 'Nov 26 09:12:01 mail out.example.com/smtp[12]: '],
] as const;

test.each(HEADS)('before the line: %s', (_, head) => {
  vi.stubEnv('TZ', 'UTC');
  const line = readPostfixLine(head + BOUNCED, NOW);
  vi.unstubAllEnvs();
  expect(line).toMatchObject({ kind: 'delivery', queueId: '4FABC1234', status: 'bounced', code: '5.1.1' });
  expect(new Date(line?.at ?? 0).toISOString().slice(0, 19)).toBe('2026-11-26T09:12:01');
});

test.each([
  ['the TLS level of Postfix 3.11', BOUNCED.replace(' dsn', ' tls=may:none, dsn'), { status: 'bounced', delay: 1.2 }],
  ['soft_bounce', BOUNCED.replace('=bounced', '=SOFTBOUNCE'), { status: 'deferred' }],
  ['a quoted local part', BOUNCED.replace('u@', '"a>b"@'), { recipient: '"a>b"@example.net' }],
  ['a quote in a local part', BOUNCED.replace('u@', '"a\\"b"@'), { recipient: '"a\\"b"@example.net' }],
  ['a quote as it is, before Postfix 3.5', BOUNCED.replace('u@', 'a"b@'), { recipient: 'a"b@example.net' }],
  ['cut off by syslog', BOUNCED.slice(0, -20), { status: 'bounced', code: '5.1.1' }],
  [
    'cut off within a name, of which no part is left',
    `${BOUNCED.slice(0, BOUNCED.indexOf('('))}(host mx said: 550 5.1.1 mailbox jane.ro`,
    { text: 'host mx said: 550 5.1.1 mailbox' },
  ],
  ['no bracket is left at the end', BOUNCED, { text: BOUNCED.slice(BOUNCED.indexOf('host mx'), -1) }],
] as const)('a delivery in another form: %s', (_, text, expected) => {
  expect(readPostfixLine(`${AT}postfix/smtp[1]: ${text}`, NOW)).toMatchObject({ kind: 'delivery', ...expected });
});

test.each(deliveries)('a delivery: %s', (_, text, expected) => {
  expect(readPostfixLine(AT + text, NOW)).toMatchObject({
    kind: 'delivery',
    at: Date.parse('2026-11-26T09:12:01.123Z'),
    ...expected,
  });
});

test.each([
  [
    'postfix/qmgr[9]: 4FABC1234: from=<news@example.com>, size=812, nrcpt=2 (queue active)',
    { kind: 'sender', sender: 'news@example.com' },
  ],
  ['postfix/qmgr[9]: 4FABC1234: from=<>, size=812, nrcpt=1 (queue active)', { kind: 'sender', sender: '' }],
  ['postfix/qmgr[9]: 4FABC1234: from=<news@example.com>, status=expired, returned to sender', { kind: 'expired' }],
  [
    'postfix/qmgr[9]: 4FABC1234: from=<news@example.com>, status=force-expired, returned to sender',
    { kind: 'expired' },
  ],
  ['postfix/qmgr[9]: 4FABC1234: removed', { kind: 'removed' }],
])('the queue: %s', (text, expected) => {
  expect(readPostfixLine(AT + text, NOW)).toMatchObject({ queueId: '4FABC1234', ...expected });
});

test.each([
  'postfix/local[1]: 4FABC1234: to=<u@example.com>, relay=local, delay=0.1, delays=0/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)',
  'postfix/virtual[1]: 4FABC1234: to=<u@example.com>, relay=virtual, delay=0.1, delays=0/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)',
  'postfix/smtp[1]: 4FABC1234: to=<u@example.com>, relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, status=deliverable (ok)',
  'postfix/smtpd[1]: connect from unknown[192.0.2.1]',
  'postfix/smtp[1]: connect to mx.example.net[192.0.2.1]:25: Connection refused',
  'postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 relay denied',
  'dovecot: imap-login: Login: user=<u>',
  '',
])('says nothing of a delivery: %s', (text) => {
  expect(readPostfixLine(AT + text, NOW)).toBeNull();
});

test('a time without a year is of the last twelve months', () => {
  const at = (line: string, now: string) => logTime(line, Date.parse(now))?.at;
  expect(at('Dec 31 23:59:59 mail x', '2026-01-01T00:00:10Z')).toBe(new Date(2025, 11, 31, 23, 59, 59).getTime());
  expect(at('Nov  6 09:12:01 mail x', '2026-11-26T12:00:00Z')).toBe(new Date(2026, 10, 6, 9, 12, 1).getTime());
  expect(at('2027-11-26T09:12:01Z mail x', '2026-11-26T12:00:00Z')).toBeUndefined();
  expect(at('Foo 99 09:12:01 mail x', '2026-11-26T12:00:00Z')).toBeUndefined();
});

test('no line throws or takes long', () => {
  const noise = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4_000 }),
    fc.constantFrom('to=<', ', relay=', 'status=bounced (', '(', '<', '@'),
  );
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 8 }), (parts) => {
      const started = performance.now();
      readPostfixLine(`${AT}postfix/smtp[1]: 4FABC1234: ${parts.join('')}`, NOW);
      return performance.now() - started < 200;
    }),
  );
});
