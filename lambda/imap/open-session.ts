/** From the greeting to authentication: RFC 9051 7.1.4, 6.2. */

import {
  breakdown,
  commandRefused,
  type DialogueFailure,
  enterPhase,
  handshake,
  nextResponse,
  quote,
} from '../mailbox/dialogue/dialogue.ts';
import type { MailboxEndpoint, PasswordCredentials, TokenCredentials } from '../mailbox/session/mailbox-endpoint.ts';
import { truncate } from '../smtp/bounds/truncate.ts';
import { redactionInAuth } from '../smtp/redaction/redact-reply.ts';
import { decodeReply } from '../smtp/replies/reply-reader.ts';
import { type ImapSession, type ImapTalk, imapOffers, noteStatus, runImapCommand } from './imap-session.ts';
import { quoted } from './quoted.ts';
import type { ImapResponse } from './response.ts';

export function* openImapSession(
  session: ImapSession,
  { security }: Pick<MailboxEndpoint, 'security'>,
  credentials: PasswordCredentials | TokenCredentials,
): ImapTalk<void> {
  if (security === 'tls') yield* handshake(session.dialogue);
  yield* readGreeting(session);
  yield* readCapabilities(session);
  if (security === 'starttls') yield* startTls(session);
  yield* authenticate(session, credentials);
}

function* readGreeting(session: ImapSession): ImapTalk<void> {
  const { dialogue } = session;
  enterPhase(dialogue, 'greeting');
  dialogue.asked = dialogue.at;
  const response = yield* nextResponse<ImapResponse>();
  if (response.kind !== 'status' || response.tag !== null) throw noGreeting(session, response);
  noteStatus(session, response);
  const reply = quote(dialogue, decodeReply(response.line));
  const text = reply.replace(/^\* \w+ ?(?:\[[^\]]*\] ?)?/, '');
  session.greeting = truncate(text, dialogue.limits.keptCharacters);
  if (response.status === 'OK') return;
  const isPreauth = response.status === 'PREAUTH';
  const code = isPreauth ? 'greeting-preauth' : 'greeting-refused';
  const detail = isPreauth
    ? 'the server takes the session for authenticated (PREAUTH), before any credentials'
    : `the greeting is ${response.status}`;
  throw breakdown(dialogue, code, { detail, reply });
}

/** POP3 greets with `+OK`. */
function noGreeting({ dialogue }: ImapSession, response: ImapResponse): DialogueFailure {
  return response.kind === 'continuation' && /^OK\b/i.test(response.text)
    ? breakdown(dialogue, 'wrong-protocol', { detail: 'the server speaks POP3' })
    : breakdown(dialogue, 'reply-malformed', { detail: 'the first line is no greeting of IMAP' });
}

/** They are asked for unless the server sent them on its own. */
function* readCapabilities(session: ImapSession): ImapTalk<void> {
  if (session.capabilities.size === 0) yield* runImapCommand(session, 'capability', 'CAPABILITY');
  if (imapOffers(session, 'IMAP4REV1', 'IMAP4REV2')) return;
  enterPhase(session.dialogue, 'capability');
  throw breakdown(session.dialogue, 'capability-missing', { detail: 'neither IMAP4rev1 nor IMAP4rev2 is offered' });
}

/** Capabilities of the time before TLS are discarded (RFC 9051 6.2.1). */
function* startTls(session: ImapSession): ImapTalk<void> {
  const { dialogue } = session;
  enterPhase(dialogue, 'starttls');
  if (!imapOffers(session, 'STARTTLS')) {
    throw commandRefused(dialogue, 'starttls-not-offered', { detail: 'STARTTLS is not among the capabilities' });
  }
  yield* runImapCommand(session, 'starttls', 'STARTTLS');
  if (dialogue.reader.hasPartial()) {
    throw breakdown(dialogue, 'starttls-injection', { detail: 'data followed the response to STARTTLS in clear' });
  }
  session.capabilities = new Set();
  yield* handshake(dialogue);
  yield* readCapabilities(session);
}

/** Capabilities of the time before authentication may differ (RFC 9051 6.2.2). */
function* authenticate(session: ImapSession, credentials: PasswordCredentials | TokenCredentials): ImapTalk<void> {
  const { dialogue } = session;
  enterPhase(dialogue, 'auth');
  const secret = 'accessToken' in credentials ? credentials.accessToken : credentials.password;
  dialogue.redact = redactionInAuth({ user: credentials.user, password: secret });
  const before = session.capabilities;
  if ('accessToken' in credentials) yield* logInWithToken(session, credentials);
  else yield* logInWithPassword(session, credentials);
  if (session.capabilities !== before) return;
  session.capabilities = new Set();
  yield* readCapabilities(session);
}

function* logInWithToken(session: ImapSession, { user, accessToken }: TokenCredentials): ImapTalk<void> {
  requireMechanism(session, 'XOAUTH2');
  yield* runSasl(session, 'XOAUTH2', `user=${user}\x01auth=Bearer ${accessToken}\x01\x01`);
}

function* logInWithPassword(session: ImapSession, credentials: PasswordCredentials): ImapTalk<void> {
  const { user, password } = credentials;
  if (imapOffers(session, 'AUTH=PLAIN')) yield* runSasl(session, 'PLAIN', `\0${user}\0${password}`);
  else if (imapOffers(session, 'LOGINDISABLED')) requireMechanism(session, 'PLAIN');
  else yield* logIn(session, credentials);
}

function requireMechanism(session: ImapSession, mechanism: string): void {
  if (imapOffers(session, `AUTH=${mechanism}`)) return;
  const offered =
    [...session.capabilities].filter((name) => /^AUTH=|^LOGINDISABLED$/.test(name)).join(' ') || 'nothing';
  throw commandRefused(session.dialogue, 'auth-not-offered', {
    detail: `${mechanism} is not offered, only ${offered}`,
  });
}

/** With SASL-IR the response is in the command (RFC 4959). After an error, XOAUTH2 wants an empty line. */
function* runSasl(session: ImapSession, mechanism: string, response: string): ImapTalk<void> {
  const encoded = Buffer.from(response).toString('base64');
  const initial = imapOffers(session, 'SASL-IR', 'IMAP4REV2');
  const lines = initial ? [''] : [encoded, ''];
  yield* runImapCommand(session, 'auth', `AUTHENTICATE ${mechanism}${initial ? ` ${encoded}` : ''}`, {
    shown: `AUTHENTICATE ${mechanism} ***`,
    onContinuation: () => {
      const line = lines.shift();
      return line === undefined ? null : { line, shown: '***' };
    },
  });
}

/** What no quoted string can hold is sent as a literal, after the server asked for it. */
function* logIn(session: ImapSession, { user, password }: PasswordCredentials): ImapTalk<void> {
  const [line = '', ...more] = joinArguments(['LOGIN', argumentOf(user), argumentOf(password)]);
  yield* runImapCommand(session, 'auth', line, {
    shown: 'LOGIN ***',
    onContinuation: () => {
      const next = more.shift();
      return next === undefined ? null : { line: next, shown: '***' };
    },
  });
}

/** An argument as one text, or as the announcement of a literal and the literal. */
type Argument = string | readonly [announcement: string, literal: string];

function argumentOf(text: string): Argument {
  return /^[ -~]*$/.test(text) ? quoted(text) : [`{${Buffer.byteLength(text)}}`, text];
}

/** The lines of a command: a literal begins a new one. */
function joinArguments(words: readonly Argument[]): readonly string[] {
  const lines = [''];
  for (const word of words) {
    const [text, literal] = typeof word === 'string' ? [word, null] : word;
    const last = lines.length - 1;
    lines[last] = lines[last] === '' ? text : `${lines[last]} ${text}`;
    if (literal !== null) lines.push(literal);
  }
  return lines;
}
