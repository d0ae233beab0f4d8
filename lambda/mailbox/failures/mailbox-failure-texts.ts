/** Meaning and hint of every failure code of a mailbox. Apart from the table, because a session needs no words. */

import type { FailureText, FailureTexts } from '../../smtp/failures/failure-definition.ts';
import { TRANSPORT_TEXTS } from '../../smtp/failures/transport-texts.ts';
import type { MAILBOX_SESSION_FAILURES } from './mailbox-failure-codes.ts';
import type { MailboxFailureCode } from './mailbox-failures.ts';

// biome-ignore format: a table reads by its rows
const MAILBOX_SESSION_TEXTS: FailureTexts<keyof typeof MAILBOX_SESSION_FAILURES> = {
  // In any phase
  silence: { meaning: 'The server did not answer within the time limit.',
    hint: 'Overloaded, out of processes, or waiting for its storage. In the phase `search`, a search of headers without an index.' },
  'reply-incomplete': { meaning: 'The server started a response and did not complete it in time.',
    hint: 'A slow line, a tarpit, or a server that is out of resources.' },
  closed: { meaning: 'The server closed the connection.',
    hint: 'A crashed process, a connection limit, or a proxy without a backend.' },
  reset: { meaning: 'The server reset the connection.',
    hint: 'A firewall, a proxy, or a server process that was killed.' },
  'service-unavailable': { meaning: 'The server ended the session (`* BYE`).',
    hint: 'A restart, an automatic logout, or an administrator. The reply may say why.' },
  'reply-malformed': { meaning: 'What the server sent is no response of the protocol.',
    hint: 'A broken server, or a proxy that writes into the session.' },
  'reply-line-too-long': { meaning: 'A response is too long.',
    hint: 'A broken or hostile server, or a search that ignores its range.' },
  'reply-endless': { meaning: 'The server sends more responses, or a longer one, than any command needs.',
    hint: 'A broken or hostile server.' },
  'reply-unsolicited': { meaning: 'The server sent a response to a command that was not sent.',
    hint: 'Client and server are out of step; a proxy may write into the session.' },
  'reply-unexpected': { meaning: 'The response is not defined for the command, or the server does not know the command (`BAD`).',
    hint: 'The server lacks a command that every server must have, or a proxy changes commands.' },
  'literal-too-large': { meaning: 'The server announced more octets than were asked for.',
    hint: 'A broken or hostile server: nothing of it was read.' },
  'mailbox-in-use': { meaning: 'Another session has the mailbox open.',
    hint: 'POP3 locks a mailbox (RFC 1939 4). Give the monitor a mailbox of its own, or use IMAP.' },
  'vantage-rate-limited': { meaning: 'The server limits the sessions or logins of this vantage, or of this mailbox.',
    hint: 'Look into the mailbox less often, or raise the limit; other clients of the mailbox share it.' },
  'server-temporary-failure': { meaning: 'The server refuses for now, for a reason of its own.',
    hint: 'Its storage, its directory or another part of it is down: its log says which.' },
  // Greeting and capabilities
  'wrong-protocol': { meaning: 'The server speaks another protocol.',
    hint: 'IMAP has ports 143 and 993, POP3 110 and 995. Check the port and `protocol`.' },
  'tls-on-plain-port': { meaning: 'The server expects TLS from the first octet.',
    hint: 'Set `security: tls`, which is the default for ports 993 and 995.' },
  'greeting-refused': { meaning: 'The server refuses the session in its greeting.',
    hint: 'Overload, maintenance, or an address that it does not serve. The reply may say why.' },
  'greeting-preauth': { meaning: 'The server takes the session for authenticated before any credentials (PREAUTH).',
    hint: 'Nobody knows whose mailbox that is, and in clear text it would prevent STARTTLS: is there a device in between?' },
  'capability-missing': { meaning: 'The server offers neither IMAP4rev1 nor IMAP4rev2.',
    hint: 'Is it a proxy without a backend, or a very old server?' },
  // STARTTLS
  'starttls-not-offered': { meaning: 'STARTTLS (or STLS) is not offered: no credentials were sent.',
    hint: 'Switch TLS on at the server, use port 993 or 995, or look for a device in between that removes it.' },
  'starttls-refused': { meaning: 'STARTTLS (or STLS) is offered, and refused.',
    hint: 'The key, certificate or TLS settings of the server.' },
  'starttls-injection': { meaning: 'Data in clear text followed the response to STARTTLS.',
    hint: 'A server or proxy that keeps input over the handshake, or somebody who writes into the session (CVE-2021-38371 is of this kind). No credentials were sent.' },
  // Authentication
  'auth-not-offered': { meaning: 'The server does not offer a way to authenticate that the credentials fit.',
    hint: 'A password needs PLAIN or LOGIN, a token XOAUTH2. Before TLS many servers offer neither.' },
  'auth-withheld': { meaning: 'The credentials were not sent, because the certificate is not verified.',
    hint: 'Correct the certificate, or set `ca` or `serverName`.' },
  'auth-rejected': { meaning: 'The server rejects the credentials.',
    hint: 'The password was changed, the token was revoked, or the mailbox does not exist any more.' },
  'auth-unavailable': { meaning: 'The server cannot check credentials at the moment.',
    hint: 'Its directory or database does not answer.' },
  'auth-challenge-malformed': { meaning: 'The server sent a challenge that the mechanism does not have.',
    hint: 'A broken server, or a proxy in between.' },
  'auth-disabled': { meaning: 'The provider does not allow this access for the mailbox.',
    hint: 'Switch IMAP or POP3 on for the mailbox. Microsoft 365 accepts tokens only (XOAUTH2), not passwords.' },
  'auth-app-password': { meaning: 'The provider wants an app password instead of the password of the account.',
    hint: 'Create an app password, or use a refresh token.' },
  'token-refused': { meaning: 'The token endpoint refuses the refresh token, or the client.',
    hint: 'The refresh token has expired or was revoked, or the client secret has expired: sign in again, and store the new ones.' },
  'token-unavailable': { meaning: 'The token endpoint did not answer, or not with a token.',
    hint: 'It says nothing about the mail server. Can this vantage reach the endpoint by https?' },
  'token-malformed': { meaning: 'The answer of the token endpoint has no usable token.',
    hint: 'Is `tokenEndpoint` the address of a token endpoint (RFC 6749)?' },
  // Commands
  'list-refused': { meaning: 'The server refuses to list the folders.',
    hint: 'The log of the server says why.' },
  'list-too-long': { meaning: 'The mailbox has more folders than are read.',
    hint: 'Give the monitor a mailbox of its own.' },
  'folder-missing': { meaning: 'The folder does not exist.',
    hint: 'Was it renamed? `INBOX` always exists.' },
  'select-refused': { meaning: 'The server refuses to open the folder.',
    hint: 'Rights of the folder, or a damaged index: the log of the server says which.' },
  'search-refused': { meaning: 'The server refuses the search.',
    hint: 'For POP3: it needs TOP, which a server may lack.' },
  'search-partial': { meaning: 'The folder is large: only its newest messages are searched.',
    hint: 'Give the monitor a mailbox of its own, and empty it.' },
  'message-missing': { meaning: 'The message is not in the folder any more.',
    hint: 'Another client moved or removed it.' },
  'fetch-refused': { meaning: 'The server refuses to send the message.',
    hint: 'A damaged message or index: the log of the server says which.' },
  'folder-read-only': { meaning: 'The folder is open read-only, so that nothing can be removed.',
    hint: 'Rights of the folder (ACL), or a mailbox over quota.' },
  'store-refused': { meaning: 'The server refuses to mark or to remove the messages.',
    hint: 'Rights of the folder (ACL), or a mailbox over quota.' },
  'expunge-unsafe': { meaning: 'The server lacks UIDPLUS (RFC 4315): the messages are only marked as deleted.',
    hint: 'EXPUNGE would also remove what others have marked. Empty the folder by hand, or give the monitor a mailbox of its own on a server with UIDPLUS.' },
  'update-refused': { meaning: 'POP3 could not remove all messages at the end of the session.',
    hint: 'They are found again in the next session. The log of the server says why.' },
};

const MAILBOX_FAILURE_TEXTS: FailureTexts<MailboxFailureCode> = { ...TRANSPORT_TEXTS, ...MAILBOX_SESSION_TEXTS };

/** The texts of a code; undefined for a code that this version does not know. */
export function mailboxFailureTextOf(code: string): FailureText | undefined {
  return Object.hasOwn(MAILBOX_FAILURE_TEXTS, code) ? MAILBOX_FAILURE_TEXTS[code as MailboxFailureCode] : undefined;
}
