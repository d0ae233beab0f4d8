/** SELECT: RFC 9051 6.3.2. */

import type { SelectedFolder } from '../mailbox/session/mailbox-session.ts';
import { type ImapSession, type ImapTalk, runImapCommand } from './imap-session.ts';
import { hasUtf8Names } from './list-folders.ts';
import { encodeMailboxName } from './mailbox-name.ts';
import { quoted } from './quoted.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the command
const UNFIT = /[\x00-\x1f\x7f]/;

export function* selectFolder(session: ImapSession, name: string): ImapTalk<SelectedFolder> {
  if (UNFIT.test(name)) throw new TypeError('the name of a folder has control characters');
  let uidValidity: string | null = null;
  session.folder = null;
  session.messages = 0;
  const done = yield* runImapCommand(session, 'select', `SELECT ${quoted(wireNameOf(session, name))}`, {
    shown: 'SELECT (…)',
    onStatus: ({ code, argument }) => {
      if (code === 'UIDVALIDITY' && /^\d{1,10}$/.test(argument)) uidValidity = argument;
    },
  });
  session.folder = { name, messages: session.messages, uidValidity, readOnly: done.code === 'READ-ONLY' };
  return session.folder;
}

/** A name of `listFolders` is sent as it came. */
function wireNameOf(session: ImapSession, name: string): string {
  const known = session.wireNames.get(name);
  if (known !== undefined) return hasUtf8Names(session) ? Buffer.from(known, 'latin1').toString() : known;
  return hasUtf8Names(session) ? name : encodeMailboxName(name);
}
