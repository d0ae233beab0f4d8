/** imapflow, a client of others, sees in Dovecot what our session sees, before and after messages are removed. */
import { createHash } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMailbox } from '../../../lambda/mailbox/open-mailbox.ts';
import type { MailboxSession } from '../../../lambda/mailbox/session/mailbox-session.ts';
import { describeServer } from '../describe-server.ts';
import { type DovecotMailbox, missingDovecotMailbox, startDovecotMailbox } from '../dovecot-mailbox.ts';
import { makeOptions, WORLD } from '../server.ts';
import { unexpectedLines } from './log-reasons.ts';

interface SeenFolder {
  readonly name: string;
  readonly use: string | null;
}

interface SeenMessage {
  readonly uid: string;
  readonly digest: string;
  readonly size: number | null;
  readonly arrived: number | null;
}

/** What one client sees of the mailbox. */
interface Seen {
  readonly folders: readonly SeenFolder[];
  readonly count: number;
  readonly uidValidity: string | null;
  readonly messages: readonly SeenMessage[];
  readonly withField: readonly string[];
}

const FIELD = ['X-Trip', 'second-opinion'] as const;

function message(nth: number, field: string): string {
  const lines = [
    'From: probe@example.com',
    `${FIELD[0]}: ${field}`,
    `Subject: number ${nth}`,
    '',
    `text ${nth}: ümlaut`,
  ];
  return [...lines, '.a line with a dot', 'x'.repeat(60_000 * (nth % 2)), ''].join('\r\n');
}

const digest = (octets: Buffer) => createHash('sha256').update(octets).digest('hex');
const byName = (a: SeenFolder, b: SeenFolder) => (a.name < b.name ? -1 : 1);

async function seenByUs(session: MailboxSession): Promise<Seen> {
  const folders = (await session.folders()).map(({ name, use }) => ({ name: decoded(name), use }));
  const { messages: count, uidValidity } = await session.select('INBOX');
  const messages: SeenMessage[] = [];
  for (const uid of await session.search({})) {
    const { raw, size, arrived } = await session.fetch(uid, 1_000_000);
    messages.push({ uid, digest: digest(raw), size, arrived });
  }
  const withField = await session.search({ header: FIELD });
  return { folders: folders.toSorted(byName), count, uidValidity, messages, withField };
}

/** Our session has names as the server writes them, imapflow as text: RFC 3501 5.1.3. */
function decoded(name: string): string {
  return name.replace(/&([A-Za-z0-9+,]*)-/g, (_, base64: string) => {
    if (base64 === '') return '&';
    return Buffer.from(base64.replaceAll(',', '/'), 'base64').swap16().toString('utf16le');
  });
}

async function seenByImapflow(port: number): Promise<Seen> {
  const client = new ImapFlow({
    ...{ host: '127.0.0.1', port, secure: true, logger: false },
    auth: { user: WORLD.user, pass: WORLD.password },
    tls: { rejectUnauthorized: false },
  });
  await client.connect();
  try {
    const folders = (await client.list()).map(({ path, specialUse }) => ({ name: path, use: useOf(specialUse) }));
    const box = await client.mailboxOpen('INBOX', { readOnly: true });
    const messages: SeenMessage[] = [];
    if (box.exists > 0)
      for await (const one of client.fetch('1:*', { uid: true, source: true, size: true, internalDate: true })) {
        const { uid, source = Buffer.alloc(0), size = null, internalDate } = one;
        const arrived = internalDate === undefined ? null : new Date(internalDate).getTime();
        messages.push({ uid: String(uid), digest: digest(source), size, arrived });
      }
    const found = await client.search({ header: { [FIELD[0]]: FIELD[1] } }, { uid: true });
    const withField = (found === false || found === undefined ? [] : found).map(String);
    const { exists: count, uidValidity } = box;
    return { folders: folders.toSorted(byName), count, uidValidity: String(uidValidity), messages, withField };
  } finally {
    await client.logout();
  }
}

function useOf(specialUse: string | undefined): string | null {
  return specialUse === undefined ? null : specialUse.replace(/^\\/, '').toLowerCase();
}

describeServer('Dovecot and imapflow', missingDovecotMailbox(), () => {
  let options: Awaited<ReturnType<typeof makeOptions>>;
  let dovecot: DovecotMailbox;

  beforeAll(async () => {
    options = await makeOptions();
    dovecot = await startDovecotMailbox(options);
    for (let nth = 0; nth < 5; nth += 1) await dovecot.deliver(message(nth, nth % 2 === 0 ? FIELD[1] : 'another'));
  });

  afterAll(async () => {
    await dovecot?.stop();
    await options?.remove();
  });

  const ours = () =>
    openMailbox(
      {
        ...{ protocol: 'imap', host: '127.0.0.1', port: dovecot.ports.imaps, security: 'tls' },
        ...{ family: 'any', insecure: true },
      },
      { user: WORLD.user, password: WORLD.password },
    );

  test('see the same folders, uses, messages and octets', async () => {
    const session = await ours();
    const seen = await seenByUs(session);
    await session.end();
    expect(seen).toMatchObject({ count: 5, withField: { length: 3 } });
    expect(seen.folders.map(({ use }) => use)).toContain('junk');
    expect(seen).toEqual(await seenByImapflow(dovecot.ports.imaps));
  });

  test('see the same after our session has removed two messages, and no others are gone', async () => {
    const before = await seenByImapflow(dovecot.ports.imaps);
    const session = await ours();
    await session.select('INBOX');
    const [first, , last] = await session.search({ header: FIELD });
    if (first === undefined || last === undefined) throw new Error('there are no messages to remove');
    expect(await session.remove([first, last])).toBe('expunged');
    const seen = await seenByUs(session);
    await session.end();
    const after = await seenByImapflow(dovecot.ports.imaps);
    expect(seen).toEqual(after);
    expect(after.messages).toEqual(before.messages.filter(({ uid }) => uid !== first && uid !== last));
    expect(after.uidValidity).toBe(before.uidValidity);
  });

  test('Dovecot complains of neither', () => {
    expect(dovecot.log().length).toBeGreaterThan(0);
    expect(unexpectedLines('Dovecot', dovecot.log())).toEqual([]);
  });
});
