import { expect, test } from 'vitest';
import { encodeMailboxName } from '../../lambda/imap/mailbox-name.ts';
import type { MailboxFolder } from '../../lambda/mailbox/session/mailbox-session.ts';
import { play, whole } from '../mailbox/play-session.ts';

/** The junk folders that are found in a list of names, on a server without SPECIAL-USE whose delimiter is a dot. */
function junkFolders(names: readonly string[]): readonly string[] {
  const list = names.map((name) => `* LIST (\\HasNoChildren) "." "${encodeMailboxName(name)}"\r\n`).join('');
  const { results } = play(
    {
      ...{ name: 'junk', protocol: 'imap', security: 'none', sent: [], results: [], codes: [] },
      calls: [(talks) => talks.folders()],
      said: [
        '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\r\n',
        'A1 OK [CAPABILITY IMAP4rev1] in\r\n',
        `${list}A2 OK\r\n`,
      ],
    },
    whole,
  );
  return (results[1] as readonly MailboxFolder[]).filter(({ use }) => use === 'junk').map(({ name }) => name);
}

const JUNK = [
  ...['Junk', 'Spam', 'INBOX.Junk', 'INBOX.spam', 'Junk E-mail', 'Junk Email', 'Junk-E-Mail', 'Junk Mail', 'Bulk Mail'],
  ...['Spamverdacht', 'Courrier indésirable', 'Indésirables', 'Correo no deseado', 'Posta indesiderata'],
  ...[
    'Ongewenste e-mail',
    'Lixo Eletrônico',
    'Lixo eletrónico',
    'E-mail de Lixo',
    'Skräppost',
    'Uønsket e-mail',
    'Søppelpost',
    'Roskaposti',
  ],
  ...['Нежелательная почта', 'Спам', '迷惑メール', '垃圾邮件', 'courrier INDÉSIRABLE', 'Skräppost'.normalize('NFD')],
];

test.each(JUNK)('%s is a junk folder', (name) => {
  expect(junkFolders(['INBOX', name, 'Archive'])).toEqual([name]);
});

// `Lixo` is the trash in Portugal.
const OTHERS = ['Spam reports', 'No spam', 'Junkyard', 'Lists', 'INBOX.Work.Spam tests', 'Lixo'];

test.each(OTHERS)('%s is none', (name) => {
  expect(junkFolders(['INBOX', name])).toEqual([]);
});
