/** UID SEARCH: RFC 9051 6.4.4, 6.4.9. */

import { breakdown, warn } from '../mailbox/dialogue/dialogue.ts';
import type { MessageId, MessageQuery } from '../mailbox/session/mailbox-session.ts';
import { type ImapSession, type ImapTalk, runImapCommand } from './imap-session.ts';
import { quoted } from './quoted.ts';
import type { DataResponse } from './response.ts';

/** Only the newest messages of a large folder, so that the result has a bound that the server knows, too. */
export function* searchByUid(session: ImapSession, query: MessageQuery): ImapTalk<readonly MessageId[]> {
  const conditions = conditionsOf(query);
  const { dialogue } = session;
  const { searchedMessages } = dialogue.limits;
  // A server tells of new messages when it is asked something (RFC 9051 6.1.2).
  yield* runImapCommand(session, 'search', 'NOOP');
  if (session.messages === 0) return [];
  const first = session.messages - searchedMessages + 1;
  if (first > 1) {
    warn(dialogue, 'search-partial', `the newest ${searchedMessages} of ${session.messages} messages are searched`);
  }
  const found = new Set<number>();
  const range = `UID SEARCH ${Math.max(1, first)}:*`;
  yield* runImapCommand(session, 'search', [range, ...conditions].join(' '), {
    shown: conditions.length === 0 ? range : `${range} (…)`,
    onData: (response) => addResults(session, response, found),
  });
  return [...found].toSorted((a, b) => a - b).map(String);
}

function conditionsOf({ since, header }: MessageQuery): readonly string[] {
  return [
    // A server compares days in a time zone of its own (RFC 9051 6.4.4): the day before is asked for, so that none is missed.
    ...(since === undefined ? [] : [`SINCE ${dayOf(since - DAY)}`]),
    ...(header === undefined ? [] : [`HEADER ${headerWord('name', header[0])} ${headerWord('value', header[1])}`]),
  ];
}

const DAY = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `5-Nov-2026` */
function dayOf(time: number): string {
  const date = new Date(time);
  return `${date.getUTCDate()}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()}`;
}

function headerWord(what: string, text: string): string {
  if (!/^[ -~]{1,998}$/.test(text)) throw new TypeError(`the ${what} of the header is not printable ASCII`);
  return quoted(text);
}

/** SEARCH, or ESEARCH of a server with IMAP4rev2 alone (RFC 9051 7.3.4). */
function addResults(session: ImapSession, { name, parts }: DataResponse, found: Set<number>): void {
  const [text = ''] = parts;
  if (typeof text !== 'string') return;
  if (name === 'SEARCH') for (const uid of text.split(' ')) addRange(session, uid, uid, found);
  if (name !== 'ESEARCH') return;
  const set = / ALL ([\d:,]+)/i.exec(text)?.[1] ?? '';
  for (const range of set.split(',')) addRange(session, ...endsOf(range), found);
}

function endsOf(range: string): [string, string] {
  const [from = '', to = from] = range.split(':');
  return [from, to];
}

/** A range of a hostile server may have 4 billion UIDs. */
function addRange({ dialogue }: ImapSession, from: string, to: string, found: Set<number>): void {
  if (!/^[1-9]\d{0,9}$/.test(from) || !/^[1-9]\d{0,9}$/.test(to)) return;
  const { searchedMessages } = dialogue.limits;
  const [first, last] = [Number(from), Number(to)].toSorted((a, b) => a - b) as [number, number];
  if (last - first >= searchedMessages || found.size + last - first >= searchedMessages) {
    throw breakdown(dialogue, 'reply-endless', { detail: `more than ${searchedMessages} results of a search` });
  }
  for (let uid = first; uid <= last; uid++) found.add(uid);
}

/** Throws for what is not a UID of this protocol: an error of the caller. */
export function assertUid(id: MessageId): void {
  if (!/^[1-9]\d{0,9}$/.test(id)) throw new TypeError('not a UID of IMAP');
}
