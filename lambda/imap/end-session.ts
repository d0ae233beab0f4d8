/** LOGOUT: RFC 9051 6.1.3. CLOSE is never sent: it would remove every message that is marked. */

import { DialogueFailure } from '../mailbox/dialogue/dialogue.ts';
import { type ImapSession, type ImapTalk, runImapCommand } from './imap-session.ts';

/** What the server says to it does not matter any more. */
export function* endImapSession(session: ImapSession): ImapTalk<void> {
  try {
    yield* runImapCommand(session, 'logout', 'LOGOUT');
  } catch (error) {
    if (!(error instanceof DialogueFailure)) throw error;
  }
}
