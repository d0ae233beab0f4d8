/** Removes messages by UID, and never others: UIDPLUS (RFC 4315), which is part of IMAP4rev2. */

import { commandRefused, enterPhase, warn } from '../mailbox/dialogue/dialogue.ts';
import type { MessageId, Removal } from '../mailbox/session/mailbox-session.ts';
import { type ImapSession, type ImapTalk, imapOffers, isGmail, runImapCommand } from './imap-session.ts';
import { assertUid } from './search-messages.ts';

/** A command line has at most 8,192 octets (RFC 7162 4), a UID 11 with its comma. */
const UIDS_PER_COMMAND = 500;

export function* removeByUid(session: ImapSession, ids: readonly MessageId[]): ImapTalk<Removal> {
  for (const id of ids) assertUid(id);
  enterPhase(session.dialogue, 'store');
  if (session.folder?.readOnly !== false) {
    const detail = session.folder === null ? 'no folder is selected' : 'the server opened the folder read-only';
    throw commandRefused(session.dialogue, 'folder-read-only', { detail });
  }
  const removal = removalOf(session);
  for (let at = 0; at < ids.length; at += UIDS_PER_COMMAND) {
    const set = ids.slice(at, at + UIDS_PER_COMMAND).join(',');
    for (const command of COMMANDS[removal](set)) yield* runImapCommand(session, 'store', command);
  }
  if (removal === 'flagged') warn(session.dialogue, 'expunge-unsafe', UNSAFE);
  return removal;
}

const UNSAFE = 'without UIDPLUS, EXPUNGE would also remove messages that others marked: ours are only marked';

type ImapRemoval = Exclude<Removal, 'at-end'>;

/** At Gmail, `\Deleted` only takes the label of the folder away. */
const COMMANDS: Readonly<Record<ImapRemoval, (set: string) => readonly string[]>> = {
  trashed: (set) => [`UID STORE ${set} +X-GM-LABELS (\\Trash)`],
  expunged: (set) => [`UID STORE ${set} +FLAGS.SILENT (\\Deleted)`, `UID EXPUNGE ${set}`],
  flagged: (set) => [`UID STORE ${set} +FLAGS.SILENT (\\Deleted)`],
};

function removalOf(session: ImapSession): ImapRemoval {
  if (isGmail(session)) return 'trashed';
  return imapOffers(session, 'UIDPLUS', 'IMAP4REV2') ? 'expunged' : 'flagged';
}
