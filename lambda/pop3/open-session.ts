/** From the greeting to authentication: RFC 1939 4, 2449, 2595, 5034. */

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
import {
  exchange,
  type Pop3Session,
  type Pop3Talk,
  pop3Offers,
  refused,
  runPop3Command,
  showResponse,
} from './pop3-session.ts';
import type { Pop3Response } from './response-reader.ts';

export function* openPop3Session(
  session: Pop3Session,
  { security }: Pick<MailboxEndpoint, 'security'>,
  credentials: PasswordCredentials | TokenCredentials,
): Pop3Talk<void> {
  if (security === 'tls') yield* handshake(session.dialogue);
  yield* readGreeting(session);
  const known = yield* readCapabilities(session);
  if (security === 'starttls') yield* startTls(session, known);
  yield* authenticate(session, credentials);
}

function* readGreeting(session: Pop3Session): Pop3Talk<void> {
  const { dialogue } = session;
  enterPhase(dialogue, 'greeting');
  dialogue.asked = dialogue.at;
  const response = yield* nextResponse<Pop3Response>();
  showResponse(session, response);
  if (response.kind === 'challenge') {
    throw breakdown(dialogue, 'reply-malformed', { detail: 'the first line is no greeting of POP3' });
  }
  const reply = quote(dialogue, decodeReply(response.line));
  session.greeting = truncate(reply.replace(/^\S+\s*/, ''), dialogue.limits.keptCharacters);
  if (!response.ok) throw refused(session, response);
}

/** Of a line: RFC 2449 4. */
const CAPABILITY_OCTETS = 512;

/** CAPA is optional: without it nothing is known. */
function* readCapabilities(session: Pop3Session): Pop3Talk<boolean> {
  const { limits } = session.dialogue;
  const body = { keep: limits.replyOctets, most: limits.replyOctets };
  const response = yield* exchange(session, 'capability', 'CAPA', { body });
  if (response.kind === 'challenge') throw refused(session, response);
  const lines = response.body.toString('latin1').toUpperCase().split(/\r?\n/);
  session.capabilities = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && line.length <= CAPABILITY_OCTETS)
    .slice(0, limits.keywords);
  return response.ok;
}

/** Capabilities of the time before TLS are discarded (RFC 2595 4). */
function* startTls(session: Pop3Session, known: boolean): Pop3Talk<void> {
  const { dialogue } = session;
  enterPhase(dialogue, 'starttls');
  if (known && !pop3Offers(session, 'STLS')) {
    throw commandRefused(dialogue, 'starttls-not-offered', { detail: 'STLS is not among the capabilities' });
  }
  yield* runPop3Command(session, 'starttls', 'STLS');
  assertNoInjection(dialogue, 'STLS');
  session.capabilities = [];
  yield* handshake(dialogue);
  yield* readCapabilities(session);
}

function* authenticate(session: Pop3Session, credentials: PasswordCredentials | TokenCredentials): Pop3Talk<void> {
  startAuthentication(session.dialogue, credentials);
  const offered = mechanismsOf(session);
  const [mechanism, response] = saslOf(credentials);
  if (offered.includes(mechanism)) yield* runSasl(session, mechanism, response);
  else if ('accessToken' in credentials) {
    const detail = `${mechanism} is not offered, only ${offered.join(' ') || 'nothing'}`;
    throw commandRefused(session.dialogue, 'auth-not-offered', { detail });
  } else yield* logIn(session, credentials);
}

function mechanismsOf({ capabilities }: Pop3Session): readonly string[] {
  return (
    capabilities
      .find((line) => line.startsWith('SASL '))
      ?.split(' ')
      .slice(1) ?? []
  );
}

/** The response follows the first challenge: some servers take no initial response. An error of XOAUTH2 is a challenge. */
function* runSasl(session: Pop3Session, mechanism: MailboxMechanism, response: string): Pop3Talk<void> {
  const asked = yield* exchange(session, 'auth', `AUTH ${mechanism}`);
  if (asked.kind !== 'challenge') throw asked.ok ? unexpected(session) : refused(session, asked);
  const answered = yield* exchange(session, 'auth', response, { shown: '***' });
  const last = answered.kind === 'challenge' ? yield* exchange(session, 'auth', '', { shown: '***' }) : answered;
  if (last.kind === 'challenge' || !last.ok) throw refused(session, last);
}

function unexpected({ dialogue }: Pop3Session): DialogueFailure {
  return breakdown(dialogue, 'reply-unexpected', { detail: '+OK before the credentials were sent' });
}

function* logIn(session: Pop3Session, { user, password }: PasswordCredentials): Pop3Talk<void> {
  yield* runPop3Command(session, 'auth', `USER ${user}`, { shown: 'USER ***' });
  yield* runPop3Command(session, 'auth', `PASS ${password}`, { shown: 'PASS ***' });
}
