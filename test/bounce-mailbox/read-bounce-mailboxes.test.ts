import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBounceMailboxes } from '../../lambda/bounce-mailbox/read-bounce-mailboxes.ts';
import type { BounceMailboxWatchPorts } from '../../lambda/bounce-mailbox/watch-bounce-mailbox.ts';
import { openMailProviders } from '../../lambda/bounce-watch/mail-providers.ts';
import type { BounceMailbox } from '../../lambda/config/bounce-settings.ts';
import { messageDigest, openReadMessages } from '../../lambda/history/bounces/read-messages.ts';
import { openBounceRecorder } from '../../lambda/history/bounces/record-bounces.ts';
import type { Item, Table } from '../../lambda/history/table/table.ts';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import type { BusEvent } from '../../lambda/ports.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { type ImapServer, LOGIN, serveImap } from '../trip-run/imap-server.ts';
import { report } from './reports.ts';

const NOW = Date.parse('2026-11-26T13:05:00Z');

let imap: ImapServer;
let table: Table;
let writes: Item[];
let events: BusEvent[];

beforeEach(async () => {
  imap = await serveImap();
  const inMemory = openInMemoryTable(() => NOW);
  writes = [];
  events = [];
  table = {
    ...inMemory,
    put: async (item, condition) => {
      writes.push(item);
      return inMemory.put(item, condition);
    },
  };
});

afterEach(() => imap.close());

function portsOf(extra: Partial<BounceMailboxWatchPorts> = {}): BounceMailboxWatchPorts {
  return {
    history: openBounceRecorder(table, { now: () => NOW }),
    read: openReadMessages(table, () => NOW),
    providers: openMailProviders(
      async () => [],
      () => NOW,
    ),
    openMailbox,
    secret: async () => LOGIN.password,
    publishEvents: async (published) => void events.push(...published),
    now: () => NOW,
    ...extra,
  };
}

function mailbox(extra: Partial<BounceMailbox> = {}): BounceMailbox {
  const endpoint = { protocol: 'imap', host: '127.0.0.1', port: imap.port, security: 'none' } as const;
  return { endpoint, user: LOGIN.user, password: { secret: 'x' }, folder: 'INBOX', remove: false, ...extra };
}

const run = (mailboxes = [mailbox()], ports = portsOf()) =>
  readBounceMailboxes(ports, mailboxes, AbortSignal.timeout(300_000));
const fetches = () => imap.heard.filter((command) => command.startsWith('UID FETCH')).length;

test('another process fetches only what is new: what was read is in the table', async () => {
  imap.put('INBOX', report());
  expect(await run()).toMatchObject({ counted: 1, fetched: 1, failed: [] });
  imap.put('INBOX', report('john.roe@example.net'));
  expect(await run()).toMatchObject({ counted: 1, fetched: 1, failed: [] });
  expect(await run()).toMatchObject({ counted: 0, fetched: 0, failed: [] });
  expect(fetches()).toBe(2);
  expect(events.map(({ type }) => type)).toEqual(['Bounces Recorded', 'Bounces Recorded']);
});

test('a run with nothing new writes nothing', async () => {
  imap.put('INBOX', report());
  await run();
  const before = writes.length;
  await run();
  expect(writes).toHaveLength(before);
});

test('more than a batch is read in one run, and all of it is known to the next', async () => {
  for (let nth = 0; nth < 100; nth += 1) imap.put('INBOX', report(`jane.roe${nth}@example.net`));
  expect(await run()).toMatchObject({ counted: 100, fetched: 100 });
  expect(await run()).toMatchObject({ fetched: 0 });
});

test('a session that is cut off loses only its last batch: the next run goes on there', async () => {
  for (let nth = 0; nth < 100; nth += 1) imap.put('INBOX', report(`jane.roe${nth}@example.net`));
  const cutOff: typeof openMailbox = async (...given) => {
    const session = await openMailbox(...given);
    let left = 60;
    const fetch: typeof session.fetch = async (...asked) => {
      left -= 1;
      if (left < 0) throw new Error('the session was cut off');
      return session.fetch(...asked);
    };
    return { ...session, fetch };
  };
  const broken = portsOf({ openMailbox: cutOff });
  expect(await run([mailbox()], broken)).toMatchObject({ failed: ['127.0.0.1: the session was cut off'] });
  expect(await run([mailbox()], broken)).toMatchObject({ counted: 60, repeated: 0, fetched: 60, failed: [] });
});

test('what is no longer in the mailbox is no longer stored', async () => {
  for (let nth = 0; nth < 3; nth += 1) imap.put('INBOX', report(`jane.roe${nth}@example.net`));
  await run([mailbox({ remove: true })]);
  expect(imap.folders.INBOX).toEqual([]);
  await run();
  expect(writes.at(-1)).toMatchObject({ pk: 'bounce-mailboxes', read: '' });
});

test('two runs at once count each report once', async () => {
  for (let nth = 0; nth < 5; nth += 1) imap.put('INBOX', report(`jane.roe${nth}@example.net`));
  const both = await Promise.all([run(), run()]);
  expect(both.map(({ failed }) => failed)).toEqual([[], []]);
  expect(both.reduce((sum, { counted }) => sum + counted, 0)).toBe(5);
});

test('an item that cannot be read is replaced, and its messages count once', async () => {
  imap.put('INBOX', report());
  await run();
  const stored = writes.findLast(({ pk }) => pk === 'bounce-mailboxes') as Item;
  await table.put({ ...stored, read: 7 });
  expect(await run()).toMatchObject({ counted: 0, repeated: 1, fetched: 1, failed: [] });
  expect(await run()).toMatchObject({ fetched: 0 });
});

describe('a mailbox that fails costs no other', () => {
  test.each<[string, Partial<BounceMailbox>, Partial<BounceMailboxWatchPorts>, RegExp]>([
    ['a server that is not there', { endpoint: { ...endpointOf('127.0.0.2'), port: 1 } }, {}, /^127\.0\.0\.2: connect/],
    ['a login that is refused', { user: 'other' }, {}, /^127\.0\.0\.1: auth-rejected/],
    [
      'a password that is not there',
      { password: { secret: 'missing' } },
      failingSecret('missing'),
      /no secret missing/,
    ],
  ])('%s', async (_, broken, ports, why) => {
    imap.put('INBOX', report());
    const result = await run([mailbox(broken), mailbox()], portsOf(ports));
    expect(result).toMatchObject({ counted: 1, failed: [expect.stringMatching(why)] });
    expect(JSON.stringify(result)).not.toContain(LOGIN.password);
  });
});

function endpointOf(host: string) {
  return { protocol: 'imap', host, port: 993, security: 'none' } as const;
}

function failingSecret(name: string): Partial<BounceMailboxWatchPorts> {
  return {
    secret: async (reference) => {
      if ('secret' in reference && reference.secret === name) throw new Error(`no secret ${name}`);
      return LOGIN.password;
    },
  };
}

test('what was read comes back from the table as it was written, whatever the identifiers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string(), { maxLength: 50 }), async (identifiers) => {
      const store = openReadMessages(
        openInMemoryTable(() => NOW),
        () => NOW,
      );
      const digests = new Set(identifiers.map(messageDigest));
      expect(await store.writeReadMessages('mailbox-1', digests, 0)).toBe(true);
      expect(await store.readMessages('mailbox-1')).toEqual({ digests, version: 1 });
      expect(await store.writeReadMessages('mailbox-1', digests, 0)).toBe(false);
    }),
    { numRuns: 50 },
  );
});
