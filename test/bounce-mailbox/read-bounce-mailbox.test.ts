import { describe, expect, test } from 'vitest';
import { readBounceMailbox } from '../../lambda/bounce-mailbox/read-bounce-mailbox.ts';
import { openMailProviders } from '../../lambda/bounce-watch/mail-providers.ts';
import { sumRows } from '../../lambda/bounces/counts.ts';
import { openBounceHistory } from '../../lambda/history/bounces/bounce-history.ts';
import { MailboxError } from '../../lambda/mailbox/session/mailbox-report.ts';
import type { MailboxSession } from '../../lambda/mailbox/session/mailbox-session.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { BOUNCES } from '../standards/dsn/corpus.ts';
import { report } from './reports.ts';

const NOW = Date.parse('2026-11-26T09:30:00Z');

const letter = Buffer.from('From: ops@example.com\r\nSubject: Lunch\r\n\r\nWill you come?\r\n');
/** A person quotes what a server said. */
const quoted = Buffer.from(
  'From: MAILER-DAEMON@mx.example.com\r\nSubject: Undelivered Mail Returned to Sender\r\n\r\n<jane.roe@example.net>: host mx.google.com said: 550 5.1.1 User unknown\r\n',
);

/** What a session says of a message that is gone, or cannot be fetched. */
function refused(code: 'message-missing' | 'fetch-refused' | 'server-temporary-failure'): MailboxError {
  const failure = { code, phase: 'fetch', outcome: 'fail', detail: 'it is gone' } as const;
  const report = { findings: [], timings: {}, address: null, greeting: null, capabilities: [], tls: null };
  return new MailboxError({ ...failure, reply: null }, false, { ...report, transcript: [] });
}

function world(
  messages: Readonly<Record<string, Buffer>>,
  {
    uidValidity = '1' as string | null,
    arrived = NOW as number | null,
    gone = [] as readonly string[],
    code = 'message-missing' as Parameters<typeof refused>[0],
  } = {},
) {
  const table = openInMemoryTable(() => NOW);
  const history = openBounceHistory(table, { now: () => NOW });
  const fetched: string[] = [];
  const removed: string[] = [];
  const session: MailboxSession = {
    folders: async () => [],
    select: async (name) => ({ name, messages: Object.keys(messages).length, uidValidity, readOnly: false }),
    search: async () => Object.keys(messages).filter((id) => !removed.includes(id)),
    fetch: async (id) => {
      fetched.push(id);
      if (gone.includes(id)) throw refused(code);
      const raw = messages[id] ?? Buffer.alloc(0);
      return { id, raw, truncated: false, size: raw.length, arrived, labels: null };
    },
    remove: async (ids) => {
      removed.push(...ids);
      return 'expunged';
    },
    end: async () => {},
    report: () => {
      throw new Error('not asked for');
    },
  };
  const providers = openMailProviders(
    async () => [{ exchange: 'mx.example.net', priority: 1 }],
    () => NOW,
  );
  const known = new Set<string>();
  const read = (remove = false, memory = known) =>
    readBounceMailbox(
      { history, providers, now: () => NOW },
      session,
      { source: 'mailbox-1', folder: 'INBOX', remove },
      memory,
    );
  const rows = async () => sumRows(await history.lastDay(NOW, 0), 0, NOW + 3_600_000);
  return { read, rows, fetched, removed, table };
}

test('reports are counted by sender, provider and code; a letter is left alone', async () => {
  const { read, rows, removed } = world({ 1: report(), 2: letter });
  expect(await read()).toMatchObject({ counted: 1, fetched: 2, others: 1, removed: 0 });
  expect(await rows()).toMatchObject([
    { from: 'news.example.com', provider: 'Google', bounced: 1, codes: { '5.2.2': { bounced: 1 } } },
  ]);
  expect(removed).toEqual([]);
});

test('a message that another program removes after the search does not end the run', async () => {
  const { read, rows } = world({ 1: report(), 2: report('john.doe@example.org') }, { gone: ['1'] });
  expect(await read()).toMatchObject({ counted: 1, fetched: 2, others: 1 });
  expect((await rows())[0]?.bounced).toBe(1);
});

test('a message that the server cannot show does not hide the others', async () => {
  const { read, rows } = world(
    { 1: report(), 2: report('john.doe@example.org') },
    { gone: ['1'], code: 'fetch-refused' },
  );
  expect(await read()).toMatchObject({ counted: 1, fetched: 2, others: 1 });
  expect((await rows())[0]?.bounced).toBe(1);
});

test('a failure that passes ends the run, so that the message is read later', async () => {
  const { read } = world({ 1: report() }, { gone: ['1'], code: 'server-temporary-failure' });
  await expect(read()).rejects.toThrow('server-temporary-failure');
});

test('a message is fetched once in a process, and counts once after a restart', async () => {
  const { read, rows, fetched } = world({ 1: report() });
  await read();
  await read();
  expect(fetched).toEqual(['1']);
  expect(await read(false, new Set())).toMatchObject({ counted: 0, repeated: 1 });
  expect((await rows())[0]?.bounced).toBe(1);
});

test('ids that a session alone knows are read again each time', async () => {
  const { read, fetched } = world({ '#1': report() }, { uidValidity: null, arrived: null });
  await read();
  expect(await read()).toMatchObject({ counted: 0 });
  expect(fetched).toEqual(['#1', '#1']);
});

test.each([
  [
    'the newest Received field',
    'Received: by a; Thu, 26 Nov 2026 09:12:00 +0000\r\nDate: Mon, 5 Jan 1970 00:00:00 +0000',
    '09:10',
  ],
  ['a folded Date', 'Date:\r\n Thu, 26 Nov 2026 10:17:00\r\n +0100 (CET)', '09:15'],
  ['now, without either', 'X-Note: none', '09:30'],
])('by POP3 a report arrived at the time of %s', async (_, fields, slot) => {
  const raw = report()
    .toString('latin1')
    .replace(/^(?:Date|Received):.*\r\n/gim, '');
  const { read, table } = world(
    { a: Buffer.from(`${fields}\r\n${raw}`, 'latin1') },
    { uidValidity: null, arrived: null },
  );
  expect(await read()).toMatchObject({ counted: 1, late: 0 });
  expect(JSON.stringify(await table.query('bounces', {}))).toContain(`2026-11-26T${slot}`);
});

describe('removal', () => {
  test('reports alone are removed, and only if the config says so', async () => {
    const { read, removed } = world({ 1: report(), 2: letter, 3: quoted, 4: report('john.doe@example.org') });
    await read(true);
    expect(removed).toEqual(['1', '4']);
  });

  test.each([
    ['of a delivery', report(undefined, 'delivered'), NOW],
    ['that is too old to be counted', report(), NOW - 27 * 3_600_000],
  ])('a report %s stays', async (_, raw, arrived) => {
    const { read, removed } = world({ 1: raw }, { arrived });
    expect(await read(true)).toMatchObject({ counted: 0, fetched: 1, removed: 0 });
    expect(removed).toEqual([]);
  });

  test('nothing is removed that could not be counted', async () => {
    const { read, removed, table } = world({ 1: report() });
    table.put = async () => {
      throw new Error('the table is gone');
    };
    await expect(read(true)).rejects.toThrow('the table is gone');
    expect(removed).toEqual([]);
  });
});

test('no recipient, subject or body of any known form of report is stored', async () => {
  const all = Object.fromEntries(BOUNCES.map(({ raw }, nth) => [String(nth), raw]));
  const { read, table, rows } = world({ ...all, last: report() });
  const { counted } = await read();
  expect(counted).toBeGreaterThan(40);
  const stored = JSON.stringify([await table.query('bounces', {}), await rows()]);
  expect(stored).not.toMatch(/jane|roe@|your invoice/i);
  const recipients = BOUNCES.flatMap(({ raw }) =>
    [...raw.toString('latin1').matchAll(/^Final-Recipient: *rfc822; *(\S+@\S+)/gim)].map(([, address = '']) => address),
  );
  expect(recipients.length).toBeGreaterThan(20);
  expect(recipients.filter((address) => stored.toLowerCase().includes(address.toLowerCase()))).toEqual([]);
});
