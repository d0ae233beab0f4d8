/** A session with a mailbox, by IMAP or POP3. The types that both protocols share. */

import type { MailboxReport } from './mailbox-report.ts';

/** What a folder is for: RFC 6154, and the inbox of RFC 9051 5.1. */
export type FolderUse = 'inbox' | 'junk' | 'trash' | 'all' | 'archive' | 'drafts' | 'sent' | 'flagged';

export interface MailboxFolder {
  /** As `select` takes it. Chosen by the owner of the mailbox: not to be stored or shown. */
  readonly name: string;
  /** Null if the server does not say it. */
  readonly use: FolderUse | null;
  /** Whether it holds messages. */
  readonly selectable: boolean;
}

export interface SelectedFolder {
  readonly name: string;
  /** Messages in the folder. */
  readonly messages: number;
  /** Identifiers are those of an earlier session only if this is the same (RFC 9051 2.3.1.1). Null for POP3. */
  readonly uidValidity: string | null;
  /** Nothing can be removed. */
  readonly readOnly: boolean;
}

/**
 * Identifies a message of the selected folder, in later sessions too: a UID of IMAP, or a unique-id of POP3 (UIDL). A server
 * without UIDL gives `#` and the number of the message, which holds for one session.
 */
export type MessageId = string;

/** Messages must meet both conditions. */
export interface MessageQuery {
  /**
   * Epoch milliseconds: messages that arrived on this day (UTC) or later. IMAP compares days in the time zone of the server
   * (RFC 9051 6.4.4), so that messages of up to two days before may be found as well, and none is missed.
   */
  readonly since?: number;
  /** A header field with this name, whose value contains this text, in any case. Both in ASCII. */
  readonly header?: readonly [name: string, value: string];
}

export interface FetchedMessage {
  readonly id: MessageId;
  /** The message as it is on the server, or its first octets. */
  readonly raw: Buffer;
  /** There is more of the message than `raw`. */
  readonly truncated: boolean;
  /** Octets of the whole message; null if the server does not say it. */
  readonly size: number | null;
  /** Epoch milliseconds of its arrival in the mailbox (INTERNALDATE); null for POP3. */
  readonly arrived: number | null;
  /** Gmail's labels (X-GM-LABELS); null for other servers. */
  readonly labels: readonly string[] | null;
}

/**
 * `expunged`: the messages are gone. `trashed`: Gmail moved them to its trash, which it empties itself. `flagged`: the server
 * lacks UIDPLUS (RFC 4315), and EXPUNGE would remove messages of others, so that they only have the flag `\Deleted`.
 * `at-end`: POP3 removes them at the end of the session, if `end` succeeds.
 */
export type Removal = 'expunged' | 'trashed' | 'flagged' | 'at-end';

/**
 * Commands run one after the other, in the order of the calls. Each rejects with a `MailboxError` for what the server or the
 * network did, and with a `TypeError` for a call that cannot be made. After a `TypeError`, and after an error whose `fatal` is
 * false, the session can go on.
 */
export interface MailboxSession {
  /** POP3 has one folder, `INBOX`. */
  folders(): Promise<readonly MailboxFolder[]>;
  /** A name of `folders`, or `INBOX`. */
  select(folder: string): Promise<SelectedFolder>;
  /**
   * Messages of the selected folder, oldest first; of a large folder only among the newest messages, with a warning. POP3 sees
   * the mailbox as it was when the session was opened (RFC 1939 3): open another session to look again.
   */
  search(query: MessageQuery): Promise<readonly MessageId[]>;
  /**
   * At most the first `maxOctets` octets of a message; POP3 brings whole lines of a larger one (TOP), which may be fewer.
   * Does not mark it as seen.
   */
  fetch(id: MessageId, maxOctets: number): Promise<FetchedMessage>;
  /** Removes these messages and no others. */
  remove(ids: readonly MessageId[]): Promise<Removal>;
  /** LOGOUT or QUIT, and closes the connection. Rejects only if POP3 could not remove what `remove` has named. */
  end(): Promise<void>;
  /** What is known so far. Without credentials, and without anything of a message. */
  report(): MailboxReport;
}
