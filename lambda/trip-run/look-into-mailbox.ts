/** One look into a mailbox: finds the messages that are provably ours, folder by folder, and removes those that the caller names. */
import { createHash } from 'node:crypto';
import { fetchIfPresent } from '../mailbox/session/fetch-if-present.ts';
import { MailboxError } from '../mailbox/session/mailbox-report.ts';
import type { MailboxFolder, MailboxSession, MessageId } from '../mailbox/session/mailbox-session.ts';
import { readTripMessage } from '../trip/message/read-trip-message.ts';
import { TOKEN_FIELD, type TripToken, verifyToken } from '../trip/message/token.ts';
import type { TripFolder } from '../trip/verdict/trip-state.ts';

export interface FoundMessage {
  readonly folder: TripFolder;
  /** Identifies the message in the mailbox: the folder, and its identifier there. */
  readonly name: string;
  readonly id: MessageId;
  /** It was verified. */
  readonly token: TripToken;
  readonly raw: Buffer;
  readonly truncated: boolean;
}

export interface LookRequest {
  /** Messages that arrived before are not looked for. Epoch milliseconds. */
  readonly since: number;
  /** Octets of a message that are read. */
  readonly octets: number;
  readonly junk: boolean;
  /** Look into all other folders, too. */
  readonly elsewhere: boolean;
  /** Keys of the round trips that end in the mailbox, by their identifiers. */
  readonly keys: ReadonlyMap<string, string>;
  /** Identifiers of messages that are under way. They are found among any number of messages of others. */
  readonly awaited: readonly string[];
  /** Messages that need not be read again, by name. */
  readonly known: ReadonlySet<string>;
  /** Takes what a folder has, oldest first. Returns the names of those that are to be removed. */
  onFolder(found: readonly FoundMessage[]): Promise<readonly string[]>;
}

/**
 * Messages of a folder that are read in one look, other folders that are looked into, and of a folder with more messages the
 * newest trips that are searched one by one, and the newest messages of each.
 */
const MOST = { messages: 60, folders: 20, awaited: 10, copies: 5 } as const;

/** The servers search for these: the first is in every message, the second survives gateways that remove unknown fields. */
const QUERIES = [
  [TOKEN_FIELD, 'v1:'],
  ['Subject', 'Round trip'],
] as const;

/** Rejects with a `MailboxError`. Nothing is removed whose token is not verified. */
export async function lookIntoMailbox(session: MailboxSession, request: LookRequest): Promise<void> {
  for (const { name, folder } of await foldersToRead(session, request)) {
    const found = await messagesIn(session, name, folder, request);
    if (found === null) continue;
    const unwanted = new Set(await request.onFolder(found));
    const ids = found.filter((message) => unwanted.has(message.name)).map(({ id }) => id);
    if (ids.length > 0) await session.remove(ids);
  }
}

/** What keeps a folder closed for good: it is gone since it was listed, or is of others who do not let us in. */
const CLOSED = {
  inbox: [],
  junk: ['folder-missing'],
  elsewhere: ['folder-missing', 'select-refused', 'search-refused'],
} as const;

/** Null for a folder that stays closed: it does not hide that a message is missing. */
async function messagesIn(
  session: MailboxSession,
  name: string,
  folder: TripFolder,
  request: LookRequest,
): Promise<readonly FoundMessage[] | null> {
  try {
    await session.select(name);
    return await messagesOf(session, name, folder, request);
  } catch (error) {
    if (isRefusal(error, CLOSED[folder])) return null;
    throw error;
  }
}

function isRefusal(error: unknown, codes: readonly string[]): boolean {
  return error instanceof MailboxError && !error.fatal && codes.includes(error.failure.code);
}

interface FolderToRead {
  readonly name: string;
  readonly folder: TripFolder;
}

const INBOX: FolderToRead = { name: 'INBOX', folder: 'inbox' };

/** Folders of uses that have no mail of their own, or what is gone. Gmail's `all` has the messages of the inbox again. */
const NOT_READ: ReadonlySet<MailboxFolder['use']> = new Set(['inbox', 'all', 'drafts', 'sent', 'flagged', 'trash']);

async function foldersToRead(session: MailboxSession, request: LookRequest): Promise<readonly FolderToRead[]> {
  if (!request.junk && !request.elsewhere) return [INBOX];
  const folders = await session.folders();
  const others = folders.filter(
    ({ name, use, selectable }) => selectable && !NOT_READ.has(use) && !/^inbox$/i.test(name),
  );
  const isJunk = ({ use, name }: MailboxFolder) => use === 'junk' || (use === null && /^(?:junk|spam)$/i.test(name));
  const junk = request.junk ? others.filter(isJunk).map(({ name }): FolderToRead => ({ name, folder: 'junk' })) : [];
  const rest = others.filter((one) => !isJunk(one)).map(({ name }): FolderToRead => ({ name, folder: 'elsewhere' }));
  return [INBOX, ...junk, ...(request.elsewhere ? rest.slice(0, MOST.folders) : [])];
}

async function messagesOf(
  session: MailboxSession,
  name: string,
  folder: TripFolder,
  request: LookRequest,
): Promise<readonly FoundMessage[]> {
  const { octets, keys, known } = request;
  const found: FoundMessage[] = [];
  const place = folder === 'elsewhere' ? digestOf(name) : folder;
  for (const id of await idsToRead(session, request)) {
    const full = `${place} ${id}`;
    if (known.has(full)) continue;
    const message = await fetchIfPresent(session, id, octets);
    const token = message === null ? null : verifiedToken(message.raw, keys);
    if (message === null || token === null) continue;
    const { raw, truncated } = message;
    found.push({ folder, name: full, id, token, raw, truncated });
  }
  return found;
}

/** Others may write fields and subjects like ours: of many messages, those with our field are read, and those that are under way. */
async function idsToRead(session: MailboxSession, request: LookRequest): Promise<readonly MessageId[]> {
  const { since } = request;
  const [ofField, ofSubject] = [new Set<MessageId>(), new Set<MessageId>()];
  for (const id of await searchFor(session, since, QUERIES[0])) ofField.add(id);
  for (const id of await searchFor(session, since, QUERIES[1])) if (!ofField.has(id)) ofSubject.add(id);
  const all = [...ofSubject, ...ofField];
  if (all.length <= MOST.messages) return all;
  return [...new Set([...(await idsOfAwaited(session, request)), ...all.slice(-MOST.messages)])];
}

/** Some servers do not search for fields: then what arrived since is read. */
async function searchFor(
  session: MailboxSession,
  since: number,
  header: readonly [string, string],
): Promise<readonly MessageId[]> {
  try {
    return await session.search({ since, header });
  } catch (error) {
    if (isRefusal(error, ['search-refused', 'reply-unexpected'])) return await session.search({ since });
    throw error;
  }
}

async function idsOfAwaited(session: MailboxSession, { since, awaited }: LookRequest): Promise<readonly MessageId[]> {
  const found: MessageId[] = [];
  for (const id of awaited.slice(-MOST.awaited)) {
    for (const [name] of QUERIES) {
      const ids = await searchFor(session, since, [name, id]);
      found.push(...ids.slice(-MOST.copies));
    }
  }
  return found;
}

/** The name of a folder is the owner's, and is stored nowhere. */
function digestOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 12);
}

function verifiedToken(raw: Buffer, keys: ReadonlyMap<string, string>): TripToken | null {
  const claimed = readTripMessage(raw).token;
  if (claimed === null) return null;
  for (const [trip, key] of keys) {
    const token = verifyToken(claimed, key);
    if (token?.trip === trip) return token;
  }
  return null;
}
