/** An SMTP session without sockets. It returns actions to the owner of the socket; `action-after-event.ts` has its events. */

import type { SessionAction } from '../../wire/session-action.ts';
import type { Limits } from '../bounds/limits.ts';
import { createTranscript, type Transcript } from '../bounds/transcript.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { type KnownSecrets, secretsFor } from '../redaction/mask-known-passwords.ts';
import type { Redact } from '../redaction/redact-reply.ts';
import { createReplyReader, type ReplyReader } from '../replies/reply-reader.ts';
import { type SessionProgress, startProgress } from './progress.ts';

export type { SessionAction } from '../../wire/session-action.ts';

export interface SmtpSession {
  readonly progress: SessionProgress;
  readonly transcript: Transcript;
  readonly limits: Limits;
  /** The deadline of the probe, on the clock of the events. */
  readonly deadline: number;
  /** Whether a server without a greeting gets a ClientHello. */
  readonly clientHello: boolean;
  /** Passwords that the server may know, from this target or another. */
  readonly secrets: KnownSecrets;
  /** Takes out the credentials that the server was told in this session; null before. */
  redact: Redact | null;
  reader: ReplyReader;
  /** Data to send with the next action. */
  outgoing: string;
}

/** The deadline of the probe, the time that passed before the session, and what may be tried at its end. */
export interface SessionTiming {
  readonly deadline?: number;
  /** Those of the phases before the session. */
  readonly timings?: SessionProgress['timings'];
  readonly clientHello?: boolean | undefined;
  /** Of the whole run. */
  readonly secrets?: KnownSecrets;
}

export function createSession(endpoint: Endpoint, limits: Limits, timing: SessionTiming = {}): SmtpSession {
  const { deadline = Infinity, timings = {}, clientHello = true, secrets } = timing;
  return {
    progress: startProgress(endpoint, timings),
    transcript: createTranscript(limits),
    limits,
    deadline,
    clientHello,
    secrets: secretsFor(endpoint.auth, secrets),
    redact: null,
    reader: createReplyReader(limits),
    outgoing: '',
  };
}

/** Only the reply to QUIT is missing. */
export function isDecided({ progress: { state, transactions } }: SmtpSession): boolean {
  return state === 'quit' || state === 'ended' || (state === 'rset' && transactions.length <= 1);
}

export function nextAction(session: SmtpSession): SessionAction {
  const { state, since } = session.progress;
  const send = session.outgoing;
  session.outgoing = '';
  const next = state === 'ended' ? 'close' : state === 'handshake' ? 'handshake' : 'read';
  return { send, next, until: since + replyTimeout(session) };
}

function replyTimeout({ progress: { state }, limits }: SmtpSession): number {
  switch (state) {
    case 'greeting':
      return limits.greeting;
    case 'client-hello':
      return limits.clientHello;
    case 'handshake':
      return limits.handshake;
    case 'quit':
    case 'ended':
      return limits.quit;
    default:
      return limits.reply;
  }
}
