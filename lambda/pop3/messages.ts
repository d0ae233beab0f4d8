/** STAT, UIDL, TOP, RETR, LIST and DELE: RFC 1939 5 and 7. */

import { breakdown, commandRefused, DialogueFailure, enterPhase, warn } from '../mailbox/dialogue/dialogue.ts';
import type {
  FetchedMessage,
  MessageId,
  MessageQuery,
  Removal,
  SelectedFolder,
} from '../mailbox/session/mailbox-session.ts';
import { headerMatches } from './header-match.ts';
import { type Pop3Session, type Pop3Status, type Pop3Talk, pop3Offers, runPop3Command } from './pop3-session.ts';
import type { ExpectedBody } from './response-reader.ts';

/** The only folder. */
export function* selectInbox(session: Pop3Session, name: string): Pop3Talk<SelectedFolder> {
  const { dialogue } = session;
  session.folder = null;
  enterPhase(dialogue, 'select');
  if (name.toUpperCase() !== 'INBOX')
    throw commandRefused(dialogue, 'folder-missing', { detail: 'POP3 has only INBOX' });
  const { line } = yield* runPop3Command(session, 'select', 'STAT');
  const count = /^\+OK (\d{1,10})(?: |$)/i.exec(line)?.[1];
  if (count === undefined) throw malformed(session, 'the response to STAT has no number of messages');
  session.messages = Number(count);
  session.folder = { name: 'INBOX', messages: session.messages, uidValidity: null, readOnly: false };
  return session.folder;
}

function malformed({ dialogue }: Pop3Session, detail: string): DialogueFailure {
  return breakdown(dialogue, 'reply-malformed', { detail });
}

/** Without conditions, all messages of a small mailbox. With conditions, headers are read of the newest ones only. */
export function* searchInbox(session: Pop3Session, query: MessageQuery): Pop3Talk<readonly MessageId[]> {
  const { dialogue, messages } = session;
  const { readHeaders, searchedMessages } = dialogue.limits;
  enterPhase(dialogue, 'search');
  const isConditional = query.since !== undefined || query.header !== undefined;
  const most = isConditional || messages > searchedMessages ? readHeaders : searchedMessages;
  if (messages > most) warn(dialogue, 'search-partial', `the newest ${most} of ${messages} messages are searched`);
  const newest = numbersFrom(Math.max(1, messages - most + 1), messages);
  const ids = yield* idsOf(session, newest);
  const found: MessageId[] = [];
  for (const [nth, id] of ids.entries()) {
    if (!isConditional || (yield* matches(session, newest[nth] ?? 0, query))) found.push(id);
  }
  return found;
}

function numbersFrom(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, nth) => first + nth);
}

/** Of a small mailbox, all unique-ids at once. UIDL is optional: without it a number is an identifier. */
function* idsOf(session: Pop3Session, numbers: readonly number[]): Pop3Talk<readonly MessageId[]> {
  try {
    if (session.messages <= session.dialogue.limits.searchedMessages) yield* readAllIds(session);
    else for (const number of numbers) yield* readId(session, number);
  } catch (error) {
    if (!(error instanceof DialogueFailure) || error.fatal) throw error;
  }
  const known = new Map([...session.numbers].map(([id, number]) => [number, id]));
  return numbers.map((number) => known.get(number) ?? numbered(session, number));
}

function numbered({ numbers }: Pop3Session, number: number): MessageId {
  numbers.set(`#${number}`, number);
  return `#${number}`;
}

/** A unique-id has up to 70 characters: RFC 1939 7. */
const LISTED = /^(\d{1,10}) ([!-~]{1,70})$/;
const UIDL_LINE = 88;

function* readAllIds(session: Pop3Session): Pop3Talk<void> {
  const octets = UIDL_LINE * (session.messages + 1);
  const { body } = yield* runPop3Command(session, 'search', 'UIDL', { body: { keep: octets, most: octets } });
  for (const line of body.toString('latin1').split(/\r?\n/)) keepId(session, line.trim());
}

function* readId(session: Pop3Session, number: number): Pop3Talk<void> {
  const { line } = yield* runPop3Command(session, 'search', `UIDL ${number}`);
  keepId(session, line.replace(/^\+OK\s+/i, '').trim());
}

function keepId({ numbers, messages }: Pop3Session, text: string): void {
  const [, number = '0', id = ''] = LISTED.exec(text) ?? [];
  const known = Number(number);
  if (id !== '' && !id.startsWith('#') && known >= 1 && known <= messages) numbers.set(id, known);
}

/** TOP is optional (RFC 1939 7). Without it every message may be one that is searched: what is read of it tells. */
function* matches(session: Pop3Session, number: number, query: MessageQuery): Pop3Talk<boolean> {
  if (session.lacksTop) return true;
  const { headerOctets } = session.dialogue.limits;
  const body = { keep: headerOctets, most: HEADER_FACTOR * headerOctets };
  const top = yield* runTop(session, 'search', `${number} 0`, body);
  return top === null || headerMatches(top.body, query);
}

/** Null if the server does not have it. What cannot be shown of one message is no sign of that. */
function* runTop(
  session: Pop3Session,
  phase: 'search' | 'fetch',
  what: string,
  body: ExpectedBody,
): Pop3Talk<Pop3Status | null> {
  try {
    return yield* runPop3Command(session, phase, `TOP ${what}`, { body });
  } catch (error) {
    const isRefused = error instanceof DialogueFailure && !error.fatal;
    if (!isRefused || pop3Offers(session, 'TOP') || error.finding.code === 'vantage-rate-limited') throw error;
    session.lacksTop = true;
    return null;
  }
}

/** What is not kept is read all the same: a message of anybody with a long header does not end the session. */
const HEADER_FACTOR = 64;

/** At most the first `maxOctets` octets. Of a larger message, TOP brings the first lines. */
export function* retrieveMessage(session: Pop3Session, id: MessageId, maxOctets: number): Pop3Talk<FetchedMessage> {
  const { dialogue } = session;
  enterPhase(dialogue, 'fetch');
  const keep = Math.min(maxOctets, dialogue.limits.messageOctets);
  const number = yield* numberOf(session, id);
  const size = sizeOf((yield* runPop3Command(session, 'fetch', `LIST ${number}`)).line);
  const isLarge = size !== null && size > keep;
  const body = { keep, most: Math.max(TOP_FACTOR * keep, mostOfLarge(session, size)) + SLACK };
  const lines = `${number} ${Math.ceil(keep / LINE_OCTETS)}`;
  const top = isLarge && !session.lacksTop ? yield* runTop(session, 'fetch', lines, body) : null;
  const { body: raw, truncated } = top ?? (yield* runPop3Command(session, 'fetch', `RETR ${number}`, { body }));
  return { id, raw, truncated: truncated || isLarge, size, arrived: null, labels: null };
}

/** A short line. RFC 5322 2.1.1 allows 998 octets, so that TOP may bring more than is kept. */
const LINE_OCTETS = 40;
const TOP_FACTOR = 32;
/** A size that is rounded, or line ends that the server counts as one octet. */
const SLACK = 65_536;

/** All of a large message may be one line. */
function mostOfLarge({ dialogue: { limits } }: Pop3Session, size: number | null): number {
  return 2 * Math.min(size ?? 0, 2 * limits.messageOctets);
}

function sizeOf(line: string): number | null {
  const size = /^\+OK \d+ (\d{1,15})/i.exec(line)?.[1];
  return size === undefined ? null : Number(size);
}

function* numberOf(session: Pop3Session, id: MessageId): Pop3Talk<number> {
  if (!session.numbers.has(id) && !id.startsWith('#')) yield* idsOf(session, []);
  const number = session.numbers.get(id);
  if (number === undefined) {
    throw commandRefused(session.dialogue, 'message-missing', {
      phase: 'fetch',
      detail: 'the mailbox has no such message',
    });
  }
  return number;
}

/** They are gone only after QUIT: a session that breaks removes nothing. */
export function* deleteMessages(session: Pop3Session, ids: readonly MessageId[]): Pop3Talk<Removal> {
  for (const id of ids) {
    const number = yield* numberOf(session, id);
    yield* runPop3Command(session, 'store', `DELE ${number}`);
    session.deleted++;
  }
  return 'at-end';
}

/** Without removed messages, what the server says to QUIT does not matter any more. */
export function* endPop3Session(session: Pop3Session): Pop3Talk<void> {
  try {
    yield* runPop3Command(session, 'logout', 'QUIT');
  } catch (error) {
    if (!(error instanceof DialogueFailure) || session.deleted > 0) throw error;
  }
}
