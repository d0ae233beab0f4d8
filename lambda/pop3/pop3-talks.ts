import type { MailboxTalks } from '../mailbox/dialogue/mailbox-talks.ts';
import type { MailboxFolder } from '../mailbox/session/mailbox-session.ts';
import { deleteMessages, endPop3Session, retrieveMessage, searchInbox, selectInbox } from './messages.ts';
import { openPop3Session } from './open-session.ts';
import { createPop3Session, type Pop3Settings, type Pop3Talk } from './pop3-session.ts';
import type { Pop3Response } from './response-reader.ts';

/** A session by POP3, with all that it can be asked. */
export function createPop3Talks(settings: Pop3Settings): MailboxTalks<Pop3Response> {
  const session = createPop3Session(settings);
  return {
    dialogue: session.dialogue,
    facts: () => ({
      greeting: session.greeting,
      capabilities: session.capabilities,
      folder: session.folder,
      removesAtEnd: session.deleted > 0,
    }),
    open: (endpoint, credentials) => openPop3Session(session, endpoint, credentials),
    folders: listInbox,
    select: (folder) => selectInbox(session, folder),
    search: (query) => searchInbox(session, query),
    fetch: (id, maxOctets) => retrieveMessage(session, id, maxOctets),
    remove: (ids) => deleteMessages(session, ids),
    end: () => endPop3Session(session),
  };
}

// biome-ignore lint/correctness/useYield: nothing is asked
function* listInbox(): Pop3Talk<readonly MailboxFolder[]> {
  return [{ name: 'INBOX', use: 'inbox', selectable: true }];
}
