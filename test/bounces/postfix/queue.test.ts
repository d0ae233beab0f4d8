import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readPostfixLine } from '../../../lambda/bounces/postfix/log-line.ts';
import { emptyQueue, takeLine } from '../../../lambda/bounces/postfix/queue.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const queued = (from: string) => `postfix/qmgr[9]: 4FABC1234: from=<${from}>, size=812, nrcpt=2 (queue active)`;
const attempt = (to: string, status: string, code: string) =>
  `postfix/smtp[1]: 4FABC1234: to=<${to}>, relay=mx.example.net[192.0.2.1]:25, delay=9, delays=0/0/0/9, dsn=${code}, status=${status} (host said: ${code} <${to}> no)`;
const expired = 'postfix/qmgr[9]: 4FABC1234: from=<news@example.com>, status=expired, returned to sender';
const removed = 'postfix/qmgr[9]: 4FABC1234: removed';

function outcomesOf(lines: readonly string[]) {
  const queue = emptyQueue();
  const outcomes = lines.flatMap((text) => {
    const line = readPostfixLine(`2026-11-26T09:12:01Z mail ${text}`, NOW);
    return line === null ? [] : takeLine(queue, line);
  });
  return { kinds: outcomes.map(({ kind, from, code }) => `${kind} ${from} ${code}`), outcomes, queue };
}

test.each([
  [
    'sent',
    [queued('news@example.com'), attempt('a@x.example', 'sent', '2.0.0'), removed],
    ['delivered example.com 2.0.0'],
  ],
  ['a sender that the log does not name', [attempt('a@x.example', 'sent', '2.0.0')], ['delivered - 2.0.0']],
  [
    'deferred twice, then sent',
    [
      queued('news@example.com'),
      attempt('a@x.example', 'deferred', '4.2.0'),
      attempt('A@x.example', 'deferred', '4.2.0'),
      attempt('a@x.example', 'sent', '2.0.0'),
    ],
    ['deferred example.com 4.2.0', 'delivered example.com 2.0.0'],
  ],
  [
    'two recipients, one of them expires',
    [
      queued('news@example.com'),
      attempt('a@x.example', 'deferred', '4.4.1'),
      attempt('b@x.example', 'sent', '2.0.0'),
      expired,
      removed,
    ],
    ['deferred example.com 4.4.1', 'delivered example.com 2.0.0', 'bounced example.com 4.4.1'],
  ],
  ['a report of the null sender', [queued(''), attempt('news@example.com', 'bounced', '5.1.1'), removed], []],
  ['a hostile sender', [queued('x@<script>'), attempt('a@x.example', 'bounced', '5.1.1')], ['bounced - 5.1.1']],
])('%s', (_, lines, expected) => {
  expect(outcomesOf(lines).kinds).toEqual(expected);
});

function keysOf(queueId: string): readonly string[] {
  const { queue } = outcomesOf([attempt('a@x.example', 'deferred', '4.2.0').replace('4FABC1234', queueId)]);
  return [...queue.messages.values()].flatMap(({ deferred }) => Object.keys(deferred));
}

test('a recipient has another key in each message, so that no key tells an address', () => {
  const keys = ['4FABC1234', '4FABC1235'].flatMap(keysOf);
  expect(keys).toHaveLength(2);
  expect(new Set([...keys, createHash('sha256').update('a@x.example').digest('base64url').slice(0, 8)]).size).toBe(3);
});

test.each([
  ['deferred', [], 1],
  ['sent', ['delivered'], 0],
] as const)('a recipient with the key of the first release is known, and is %s', (status, kinds, left) => {
  const key = createHash('sha256').update('a@x.example').digest('base64url').slice(0, 8);
  const before = { provider: 'x', code: '4.2.0', text: '', delay: 1 };
  const queue = emptyQueue([['4FABC1234', { from: 'example.com', deferred: { [key]: before } }]]);
  const line = readPostfixLine(`2026-11-26T09:12:01Z mail ${attempt('a@x.example', status, '2.0.0')}`, NOW);
  const outcomes = line === null ? [] : takeLine(queue, line);
  expect(outcomes.map(({ kind }) => kind)).toEqual(kinds);
  expect(Object.keys(queue.messages.get('4FABC1234')?.deferred ?? {})).toHaveLength(left);
});

test('nothing that is kept names a recipient', () => {
  const { queue, outcomes } = outcomesOf([
    queued('jane.roe@example.com'),
    attempt('john.doe@x.example', 'deferred', '4.2.0'),
  ]);
  const kept = JSON.stringify([[...queue.messages], outcomes]);
  expect(kept).toContain('example.com');
  expect(kept).not.toMatch(/jane|john|doe|roe|x\.example/);
});

test('the oldest messages are forgotten', () => {
  const queue = emptyQueue();
  for (let nth = 0; nth < 50_010; nth++) {
    takeLine(queue, { kind: 'sender', at: NOW, queueId: `Q${nth}`, sender: 'news@example.com' });
  }
  expect(queue.messages.size).toBe(50_000);
  expect(queue.messages.has('Q9')).toBe(false);
  expect(queue.messages.has('Q10')).toBe(true);
});

const FILTERED = [
  queued('news@example.com'),
  'postfix/qmgr[9]: 4FABC5678: from=<news@example.com>, size=900, nrcpt=1 (queue active)',
  'postfix/smtp[1]: 4FABC1234: to=<a@x.example>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4FABC5678)',
  'postfix/smtp[1]: 4FABC5678: to=<a@x.example>, relay=mx.example.net[192.0.2.1]:25, delay=2, delays=0/0/0/2, dsn=5.1.1, status=bounced (host said: 550 5.1.1 no)',
];

test('the queue manager may log it only after the filter replied', () => {
  const [first = '', second = '', handed = '', bounced = ''] = FILTERED;
  const taken = 'postfix/smtpd[3]: 4FABC5678: client=localhost[127.0.0.1]';
  expect(outcomesOf([first, taken, handed, second, bounced]).kinds).toEqual(['bounced example.com 5.1.1']);
});

test('a message that a content filter gives back is counted once, by what becomes of it', () => {
  expect(outcomesOf(FILTERED).kinds).toEqual(['bounced example.com 5.1.1']);
  // A queue id of another host is not in this log.
  expect(outcomesOf(FILTERED.toSpliced(1, 1)).kinds).toEqual(['delivered example.com 2.0.0', 'bounced - 5.1.1']);
});

test.each(['private/dovecot-lmtp', '/run/dovecot/lmtp'])(
  'a delivery through the socket %s is on the host itself',
  (socket) => {
    const line = `postfix/lmtp[1]: 4FABC1234: to=<u@example.com>, relay=mail.example.com[${socket}], delay=0.1, delays=0/0/0/0, dsn=5.2.2, status=bounced (host mail.example.com[${socket}] said: 552 5.2.2 Quota exceeded (in reply to end of DATA command))`;
    expect(outcomesOf([queued('a@spam.example'), line]).kinds).toEqual([]);
  },
);
