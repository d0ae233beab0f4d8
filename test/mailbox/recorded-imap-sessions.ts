import { type Call, type RecordedSession, TLS, TOKEN } from './play-session.ts';

const SESAME_PLAIN = Buffer.from('\0probe@example.com\0open sesame').toString('base64');
const SESAME_TOKEN = Buffer.from('user=probe@example.com\x01auth=Bearer ya29.open-sesame\x01\x01').toString('base64');

const MESSAGE = 'X-Trip: one\r\n\r\nWe sail at d\xe4wn (UID 7) {5}\r\n)\r\nA5 OK\r\n';

const select: Call = (talks) => talks.select('INBOX');
const search: Call = (talks) => talks.search({ since: Date.UTC(2026, 10, 5), header: ['X-Trip', 'o"ne'] });
const fetch: Call = (talks) => talks.fetch('7', 1_000);
const remove: Call = (talks) => talks.remove(['7', '9']);
const folders: Call = (talks) => talks.folders();
const end: Call = (talks) => talks.end();

const SEARCH = 'UID SEARCH 1:* SINCE 5-Nov-2026 HEADER "X-Trip" "o\\"ne"';

const fetched = {
  id: '7',
  raw: Buffer.from(MESSAGE, 'latin1'),
  truncated: false,
  size: MESSAGE.length,
  arrived: Date.UTC(2026, 10, 26, 9, 15, 42),
  labels: null,
};

const folder = { name: 'INBOX', messages: 2, uidValidity: '1795601234', readOnly: false };

export const IMAP_SESSIONS: readonly RecordedSession[] = [
  {
    name: 'Dovecot, STARTTLS, AUTHENTICATE PLAIN',
    protocol: 'imap',
    security: 'starttls',
    calls: [folders, select, search, fetch, remove, end],
    said: [
      '* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS LOGINDISABLED] Dovecot (Debian) ready.\r\n',
      'A1 OK Begin TLS negotiation now.\r\n',
      TLS,
      '* CAPABILITY IMAP4rev1 SASL-IR LITERAL+ AUTH=PLAIN AUTH=LOGIN\r\nA2 OK Pre-login capabilities listed.\r\n',
      'A3 OK [CAPABILITY IMAP4rev1 SASL-IR LITERAL+ UIDPLUS SPECIAL-USE LIST-EXTENDED ESEARCH] Logged in\r\n',
      '* LIST (\\HasNoChildren \\Junk) "/" "Spamverdacht&APw-"\r\n* LIST (\\Noselect) NIL {4}\r\nData\r\n* LIST (\\HasNoChildren) "/" inbox\r\nA4 OK List completed.\r\n',
      '* FLAGS (\\Answered \\Deleted)\r\n* 2 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1795601234] UIDs valid\r\n* OK [UIDNEXT 10] Predicted next UID {12}\r\nA5 OK [READ-WRITE] Select completed.\r\n',
      'A6 OK NOOP completed.\r\n',
      '* SEARCH 9 7\r\nA7 OK Search completed.\r\n',
      `* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 7 RFC822.SIZE ${MESSAGE.length} INTERNALDATE "26-Nov-2026 10:15:42 +0100" BODY[]<0> {${MESSAGE.length}}\r\n${MESSAGE})\r\nA8 OK Fetch completed.\r\n`,
      'A9 OK Store completed.\r\n',
      '* 2 EXPUNGE\r\n* 1 EXPUNGE\r\nA10 OK Expunge completed.\r\n',
      '* BYE Logging out\r\nA11 OK Logout completed.\r\n',
    ],
    sent: [
      'A1 STARTTLS\r\n',
      'A2 CAPABILITY\r\n',
      `A3 AUTHENTICATE PLAIN ${SESAME_PLAIN}\r\n`,
      'A4 LIST "" "*" RETURN (SPECIAL-USE)\r\n',
      'A5 SELECT "INBOX"\r\n',
      'A6 NOOP\r\n',
      `A7 ${SEARCH}\r\n`,
      'A8 UID FETCH 7 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.1000>)\r\n',
      'A9 UID STORE 7,9 +FLAGS.SILENT (\\Deleted)\r\n',
      'A10 UID EXPUNGE 7,9\r\n',
      'A11 LOGOUT\r\n',
    ],
    results: [
      undefined,
      [
        { name: 'Spamverdachtü', use: 'junk', selectable: true },
        { name: 'Data', use: null, selectable: false },
        { name: 'INBOX', use: 'inbox', selectable: true },
      ],
      folder,
      ['7', '9'],
      fetched,
      'expunged',
      undefined,
    ],
    codes: [],
  },
  {
    name: 'Gmail, implicit TLS, XOAUTH2, labels',
    protocol: 'imap',
    security: 'tls',
    credentials: TOKEN,
    calls: [select, fetch, remove, end],
    said: [
      TLS,
      '* OK Gimap ready for requests from 192.0.2.1 x1mb1\r\n',
      '* CAPABILITY IMAP4rev1 UNSELECT IDLE XLIST X-GM-EXT-1 SASL-IR AUTH=XOAUTH2 AUTH=PLAIN\r\nA1 OK Thats all she wrote! x1mb1\r\n',
      '* CAPABILITY IMAP4rev1 UIDPLUS X-GM-EXT-1 MOVE\r\nA2 OK probe@example.com authenticated (Success)\r\n',
      '* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 3] UIDs valid.\r\n* 1 EXISTS\r\nA3 OK [READ-WRITE] INBOX selected. (Success)\r\n',
      '* 1 FETCH (X-GM-LABELS ("\\\\Inbox" "&ZeVnLIqe-" plain) UID 7 RFC822.SIZE 4 INTERNALDATE "26-Nov-2026 09:15:42 +0000" BODY[]<0> "ab\\"c")\r\nA4 OK Success\r\n',
      '* 1 FETCH (X-GM-LABELS ("\\\\Trash") UID 7)\r\nA5 OK Success\r\n',
      '* BYE LOGOUT Requested\r\nA6 OK 73 good day (Success)\r\n',
    ],
    sent: [
      'A1 CAPABILITY\r\n',
      `A2 AUTHENTICATE XOAUTH2 ${SESAME_TOKEN}\r\n`,
      'A3 SELECT "INBOX"\r\n',
      'A4 UID FETCH 7 (UID RFC822.SIZE INTERNALDATE X-GM-LABELS BODY.PEEK[]<0.1000>)\r\n',
      'A5 UID STORE 7,9 +X-GM-LABELS (\\Trash)\r\n',
      'A6 LOGOUT\r\n',
    ],
    results: [
      undefined,
      { name: 'INBOX', messages: 1, uidValidity: '3', readOnly: false },
      {
        id: '7',
        raw: Buffer.from('ab"c'),
        truncated: false,
        size: 4,
        arrived: Date.UTC(2026, 10, 26, 9, 15, 42),
        labels: ['\\Inbox', '日本語', 'plain'],
      },
      'trashed',
      undefined,
    ],
    codes: [],
  },
  {
    name: 'Courier, without SASL-IR and UIDPLUS',
    protocol: 'imap',
    security: 'none',
    calls: [select, remove, end],
    said: [
      '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] Courier-IMAP ready.\r\n',
      '+ \r\n',
      'A1 OK LOGIN Ok.\r\n',
      '* CAPABILITY IMAP4rev1 CHILDREN\r\nA2 OK CAPABILITY completed\r\n',
      '* 2 EXISTS\r\n* OK [UIDVALIDITY 1795601234] Ok\r\nA3 OK [READ-WRITE] Ok\r\n',
      'A4 OK STORE completed.\r\n',
      '* BYE Courier-IMAP server shutting down\r\nA5 OK LOGOUT completed\r\n',
    ],
    sent: [
      'A1 AUTHENTICATE PLAIN\r\n',
      `${SESAME_PLAIN}\r\n`,
      'A2 CAPABILITY\r\n',
      'A3 SELECT "INBOX"\r\n',
      'A4 UID STORE 7,9 +FLAGS.SILENT (\\Deleted)\r\n',
      'A5 LOGOUT\r\n',
    ],
    results: [undefined, folder, 'flagged', undefined],
    codes: ['expunge-unsafe'],
  },
  {
    name: 'IMAP4rev2 alone, LOGIN, ESEARCH',
    protocol: 'imap',
    security: 'none',
    credentials: { user: 'probe@example.com', password: 'pä"ss' },
    calls: [folders, select, search, end],
    said: [
      '* OK [CAPABILITY IMAP4rev2] ready\r\n',
      '+ OK\r\n',
      'A1 OK [CAPABILITY IMAP4rev2] done\r\n',
      '* LIST (\\Junk) "/" "Spam \xc3\xbc & more"\r\nA2 OK done\r\n',
      '* 2 EXISTS\r\n* OK [UIDVALIDITY 1795601234]\r\nA3 OK [READ-WRITE] done\r\n',
      'A4 OK\r\n',
      '* ESEARCH (TAG "A5") UID ALL 3:5,9\r\nA5 OK done\r\n',
      'A6 OK bye\r\n',
    ],
    sent: [
      'A1 LOGIN "probe@example.com" {6}\r\n',
      'pä"ss\r\n',
      'A2 LIST "" "*" RETURN (SPECIAL-USE)\r\n',
      'A3 SELECT "INBOX"\r\n',
      'A4 NOOP\r\n',
      `A5 ${SEARCH}\r\n`,
      'A6 LOGOUT\r\n',
    ],
    results: [
      undefined,
      [{ name: 'Spam ü & more', use: 'junk', selectable: true }],
      folder,
      ['3', '4', '5', '9'],
      undefined,
    ],
    codes: [],
  },
  {
    name: 'a refused password, echoed',
    protocol: 'imap',
    security: 'none',
    calls: [end],
    said: [
      '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n',
      `A1 NO [AUTHENTICATIONFAILED] not open sesame, nor ${SESAME_PLAIN}, probe@example.com\r\n`,
      '* BYE\r\nA2 OK\r\n',
    ],
    sent: [`A1 AUTHENTICATE PLAIN ${SESAME_PLAIN}\r\n`, 'A2 LOGOUT\r\n'],
    results: ['auth-rejected', undefined],
    codes: ['auth-rejected'],
  },
  {
    name: 'a refused token, with the error of XOAUTH2',
    protocol: 'imap',
    security: 'none',
    credentials: TOKEN,
    calls: [end],
    said: [
      '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready\r\n',
      '+ eyJzdGF0dXMiOiI0MDEifQ==\r\n',
      'A1 NO AUTHENTICATE failed.\r\n',
      '* BYE\r\nA2 OK\r\n',
    ],
    sent: [`A1 AUTHENTICATE XOAUTH2 ${SESAME_TOKEN}\r\n`, '\r\n', 'A2 LOGOUT\r\n'],
    results: ['auth-rejected', undefined],
    codes: ['auth-rejected'],
  },
  {
    name: 'a missing folder, a read-only one, and a missing message',
    protocol: 'imap',
    security: 'none',
    calls: [(talks) => talks.select('Müll & Co'), select, fetch, remove, end],
    said: [
      '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n',
      'A1 OK [CAPABILITY IMAP4rev1 UIDPLUS] in\r\n',
      "A2 NO [NONEXISTENT] Mailbox doesn't exist: M&APw-ll\r\n",
      '* 2 EXISTS\r\n* OK [UIDVALIDITY 1795601234] Ok\r\nA3 OK [READ-ONLY] done\r\n',
      'A4 OK Fetch completed.\r\n',
      '* BYE\r\nA5 OK\r\n',
    ],
    sent: [
      `A1 AUTHENTICATE PLAIN ${SESAME_PLAIN}\r\n`,
      'A2 SELECT "M&APw-ll &- Co"\r\n',
      'A3 SELECT "INBOX"\r\n',
      'A4 UID FETCH 7 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.1000>)\r\n',
      'A5 LOGOUT\r\n',
    ],
    results: [
      undefined,
      'folder-missing',
      { ...folder, readOnly: true },
      'message-missing',
      'folder-read-only',
      undefined,
    ],
    codes: ['folder-missing', 'message-missing', 'folder-read-only'],
  },
  {
    name: 'a large folder is searched in part',
    protocol: 'imap',
    security: 'none',
    calls: [select, (talks) => talks.search({}), end],
    said: [
      '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n',
      'A1 OK [CAPABILITY IMAP4rev1 UIDPLUS] in\r\n',
      '* 1000000 EXISTS\r\n* OK [UIDVALIDITY 1795601234] Ok\r\nA2 OK done\r\n',
      '* 1000001 EXISTS\r\nA3 OK\r\n',
      '* SEARCH 5000000 4999999\r\nA4 OK\r\n',
      '* BYE\r\nA5 OK\r\n',
    ],
    sent: [
      `A1 AUTHENTICATE PLAIN ${SESAME_PLAIN}\r\n`,
      'A2 SELECT "INBOX"\r\n',
      'A3 NOOP\r\n',
      'A4 UID SEARCH 990002:*\r\n',
      'A5 LOGOUT\r\n',
    ],
    results: [undefined, { ...folder, messages: 1_000_000 }, ['4999999', '5000000'], undefined],
    codes: ['search-partial'],
  },
];
