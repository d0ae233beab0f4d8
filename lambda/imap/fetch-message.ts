/** UID FETCH of one message: RFC 9051 6.4.5. BODY.PEEK does not mark it as seen. */

import { commandRefused } from '../mailbox/dialogue/dialogue.ts';
import type { FetchedMessage, MessageId } from '../mailbox/session/mailbox-session.ts';
import { decodeReply } from '../smtp/replies/reply-reader.ts';
import { type ImapSession, type ImapTalk, isGmail, runImapCommand } from './imap-session.ts';
import { decodeMailboxName } from './mailbox-name.ts';
import type { DataResponse } from './response.ts';
import { assertUid } from './search-messages.ts';
import { type ImapValue, listOf, parseValues, textOf } from './values.ts';

/** At most the first `maxOctets` octets. */
export function* fetchByUid(session: ImapSession, id: MessageId, maxOctets: number): ImapTalk<FetchedMessage> {
  assertUid(id);
  if (!(maxOctets >= 1)) throw new TypeError('at least one octet of a message is fetched');
  const { dialogue, reader } = session;
  const most = Math.min(maxOctets, dialogue.limits.messageOctets);
  const items = ['UID', 'RFC822.SIZE', 'INTERNALDATE', ...(isGmail(session) ? ['X-GM-LABELS'] : [])];
  let message: FetchedMessage | null = null;
  reader.expectMessage(most);
  try {
    yield* runImapCommand(session, 'fetch', `UID FETCH ${id} (${items.join(' ')} BODY.PEEK[]<0.${most}>)`, {
      onData: (response) => {
        if (response.name === 'FETCH') message ??= readMessage(session, response, id, most);
      },
    });
  } finally {
    // No later command may bring one, also after a refusal.
    reader.expectMessage(0);
  }
  if (message === null) throw commandRefused(dialogue, 'message-missing', { detail: 'the folder has no such message' });
  return message;
}

/** Null for another message: a server may tell of changed flags at any time. */
function readMessage(
  session: ImapSession,
  { parts }: DataResponse,
  id: MessageId,
  most: number,
): FetchedMessage | null {
  const items = itemsOf(listOf(parseValues(parts)?.[0]));
  const body = items.get('BODY[]<0>') ?? items.get('BODY[]');
  const raw = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  if (textOf(items.get('UID')) !== id || !Buffer.isBuffer(raw)) return null;
  const size = numberOf(items.get('RFC822.SIZE'));
  const kept = raw.subarray(0, most);
  return {
    id,
    raw: kept,
    truncated: size === null ? kept.length >= most : size > kept.length,
    size,
    arrived: timeOf(textOf(items.get('INTERNALDATE'))),
    labels: labelsOf(session, items.get('X-GM-LABELS')),
  };
}

/** Names in upper case, and their values. */
function itemsOf(list: readonly ImapValue[] | null): ReadonlyMap<string, ImapValue> {
  const items = new Map<string, ImapValue>();
  for (let at = 0; list !== null && at + 1 < list.length; at += 2) {
    items.set((textOf(list[at]) ?? '').toUpperCase(), list[at + 1] ?? null);
  }
  return items;
}

function numberOf(value: ImapValue | undefined): number | null {
  const text = textOf(value) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

const DATE_TIME = /^ ?(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) (\d\d:\d\d:\d\d) ([+-]\d{4})$/;

/** Of ` 5-Nov-2026 07:08:09 +0100`; null for what is none. */
function timeOf(text: string | null): number | null {
  const [, day, month, year, clock, zone] = DATE_TIME.exec(text ?? '') ?? [];
  const time = Date.parse(`${day} ${month} ${year} ${clock} ${zone}`);
  return Number.isNaN(time) ? null : time;
}

function labelsOf({ dialogue }: ImapSession, value: ImapValue | undefined): readonly string[] | null {
  const list = listOf(value);
  if (list === null) return null;
  return list.slice(0, dialogue.limits.labels).map((label) => decodeReply(decodeMailboxName(textOf(label) ?? '')));
}
