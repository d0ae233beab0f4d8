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
import {
  assertNoInjection,
  type MailboxMechanism,
  saslOf,
  startAuthentication,
} from '../mailbox/dialogue/secure-and-authenticate.ts';
import type { MailboxEndpoint, PasswordCredentials, TokenCredentials } from '../mailbox/session/mailbox-endpoint.ts';
import { truncate } from '../smtp/bounds/truncate.ts';
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
  assertNoInjection(dialogue, 'STARTTLS');
  session.capabilities = new Set();
  yield* handshake(dialogue);
  yield* readCapabilities(session);
}

/** Capabilities of the time before authentication may differ (RFC 9051 6.2.2). */
function* authenticate(session: ImapSession, credentials: PasswordCredentials | TokenCredentials): ImapTalk<void> {
  startAuthentication(session.dialogue, credentials);
  const before = session.capabilities;
  const [mechanism, response] = saslOf(credentials);
  if (imapOffers(session, `AUTH=${mechanism}`)) yield* runSasl(session, mechanism, response);
  else if ('accessToken' in credentials || imapOffers(session, 'LOGINDISABLED')) throw notOffered(session, mechanism);
  else yield* logIn(session, credentials);
  if (session.capabilities !== before) return;
  session.capabilities = new Set();
  yield* readCapabilities(session);
}

function notOffered(session: ImapSession, mechanism: MailboxMechanism): DialogueFailure {
  const offered =
    [...session.capabilities].filter((name) => /^AUTH=|^LOGINDISABLED$/.test(name)).join(' ') || 'nothing';
  return commandRefused(session.dialogue, 'auth-not-offered', {
    detail: `${mechanism} is not offered, only ${offered}`,
  });
}

/** With SASL-IR the response is in the command (RFC 4959). After an error, XOAUTH2 wants an empty line. */
function* runSasl(session: ImapSession, mechanism: MailboxMechanism, response: string): ImapTalk<void> {
  const initial = imapOffers(session, 'SASL-IR', 'IMAP4REV2');
  const lines = initial ? [''] : [response, ''];
  yield* runImapCommand(session, 'auth', `AUTHENTICATE ${mechanism}${initial ? ` ${response}` : ''}`, {
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
