import type { MailboxTalks } from '../mailbox/dialogue/mailbox-talks.ts';
import { endImapSession } from './end-session.ts';
import { fetchByUid } from './fetch-message.ts';
import { createImapSession, type ImapSettings } from './imap-session.ts';
import { listFolders } from './list-folders.ts';
import { openImapSession } from './open-session.ts';
import { removeByUid } from './remove-messages.ts';
import type { ImapResponse } from './response.ts';
import { searchByUid } from './search-messages.ts';
import { selectFolder } from './select-folder.ts';

/** A session by IMAP, with all that it can be asked. */
export function createImapTalks(settings: ImapSettings): MailboxTalks<ImapResponse> {
  const session = createImapSession(settings);
  return {
    dialogue: session.dialogue,
    facts: () => ({
      greeting: session.greeting,
      capabilities: [...session.capabilities],
      folder: session.folder,
      removesAtEnd: false,
    }),
    open: (endpoint, credentials) => openImapSession(session, endpoint, credentials),
    folders: () => listFolders(session),
    select: (folder) => selectFolder(session, folder),
    search: (query) => searchByUid(session, query),
    fetch: (id, maxOctets) => fetchByUid(session, id, maxOctets),
    remove: (ids) => removeByUid(session, ids),
    end: () => endImapSession(session),
  };
}
