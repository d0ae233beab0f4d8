/** LIST with the special uses of folders: RFC 9051 6.3.9, RFC 6154. */

import { warn } from '../mailbox/dialogue/dialogue.ts';
import type { FolderUse, MailboxFolder } from '../mailbox/session/mailbox-session.ts';
import { decodeReply } from '../smtp/replies/reply-reader.ts';
import { ownValue } from '../wire/own-value.ts';
import { type ImapSession, type ImapTalk, imapOffers, runImapCommand } from './imap-session.ts';
import { decodeMailboxName } from './mailbox-name.ts';
import type { DataResponse } from './response.ts';
import { listOf, parseValues, textOf } from './values.ts';

const USES: Readonly<Record<string, FolderUse>> = {
  '\\ALL': 'all',
  '\\ARCHIVE': 'archive',
  '\\DRAFTS': 'drafts',
  '\\FLAGGED': 'flagged',
  '\\JUNK': 'junk',
  '\\SENT': 'sent',
  '\\TRASH': 'trash',
};

/** The usual names of junk folders, for servers without SPECIAL-USE: of web mailers, and those of Outlook in its languages. */
const JUNK_NAMES = new RegExp(
  `^(?:INBOX[./])?(?:${[
    'Junk|Spam|Junk[- ]?(?:E-?)?Mail|Bulk(?: Mail)?|Spamverdacht|Spamordner',
    'Courrier indésirable|Indésirables|Pourriels?|Correo (?:no deseado|basura)|Posta indesiderata|Ongewenste e-mail',
    'Lixo eletr[ôóo]nico|E-mail de Lixo|Skräppost|Uønsket (?:e-?mail|e-post|post|mail)|Søppelpost|Roskaposti',
    'Wiadomości-śmieci|Nevyžádaná pošta|Levélszemét|Gereksiz(?: E-posta)?|Нежелательная почта|Спам',
    '迷惑メール|垃圾(?:邮件|郵件)|정크 메일|스팸메일함',
  ].join('|')})$`,
  'iu',
);

const UNSELECTABLE = /^\\(?:Noselect|NonExistent)$/i;

export function* listFolders(session: ImapSession): ImapTalk<readonly MailboxFolder[]> {
  const { limits } = session.dialogue;
  const found: MailboxFolder[] = [];
  // RFC 6154 3: without RETURN, a server need not send the uses.
  const withUse =
    imapOffers(session, 'IMAP4REV2') || (imapOffers(session, 'SPECIAL-USE') && imapOffers(session, 'LIST-EXTENDED'));
  session.wireNames.clear();
  yield* runImapCommand(session, 'list', `LIST "" "*"${withUse ? ' RETURN (SPECIAL-USE)' : ''}`, {
    onData: (response) => {
      const folder = response.name === 'LIST' ? readFolder(session, response) : null;
      if (folder === null) return;
      if (found.length < limits.folders) found.push(folder);
      else warn(session.dialogue, 'list-too-long', `more than ${limits.folders} folders`);
    },
  });
  return found.some(({ use }) => use === 'junk') ? found : found.map(guessJunk);
}

/** Null for a response that cannot be read: the folder is left out. */
function readFolder(session: ImapSession, { parts }: DataResponse): MailboxFolder | null {
  const values = parseValues(parts);
  const flags = (listOf(values?.[0]) ?? []).map((flag) => textOf(flag) ?? '');
  const wireName = textOf(values?.[2]);
  if (values === null || wireName === null) return null;
  const name = nameOf(session, wireName);
  if (session.wireNames.size < session.dialogue.limits.folders) session.wireNames.set(name, wireName);
  const isInbox = wireName.toUpperCase() === 'INBOX';
  const use = flags.map((flag) => ownValue(USES, flag.toUpperCase())).find((one) => one !== undefined);
  const selectable = !flags.some((flag) => UNSELECTABLE.test(flag));
  return { name: isInbox ? 'INBOX' : name, use: isInbox ? 'inbox' : (use ?? null), selectable };
}

/** IMAP4rev2 has UTF-8 for names; a server that also has rev1 speaks that until ENABLE. */
export function hasUtf8Names(session: ImapSession): boolean {
  return !imapOffers(session, 'IMAP4REV1');
}

function nameOf(session: ImapSession, wireName: string): string {
  return hasUtf8Names(session) ? decodeReply(wireName) : decodeMailboxName(wireName);
}

function guessJunk(folder: MailboxFolder): MailboxFolder {
  return folder.use === null && JUNK_NAMES.test(folder.name.normalize('NFC')) ? { ...folder, use: 'junk' } : folder;
}
