/** An SMTP session without sockets, and what it tells whoever owns one. `events.ts` has what can happen to it. */

import type { Limits } from '../bounds/limits.ts';
import { createTranscript, type Transcript } from '../bounds/transcript.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { createReplyReader, type ReplyReader } from '../replies/reply-reader.ts';
import { type SessionProgress, startProgress } from './progress.ts';
import { type Redact, redactionBeforeAuth } from './redaction.ts';

export interface SmtpSession {
  readonly progress: SessionProgress;
  readonly transcript: Transcript;
  readonly limits: Limits;
  /** When the time of the probe is up, on the clock of the events. */
  readonly deadline: number;
  /** Takes out the credentials: a server may know them from an earlier session. Null where there are none. */
  redact: Redact | null;
  reader: ReplyReader;
  /** What is to be sent with the next action. */
  outgoing: string;
}

/** What whoever owns the socket does next. */
export interface SessionAction {
  /** Empty: nothing to send. */
  readonly send: string;
  readonly next: 'read' | 'handshake' | 'close';
  /** When the server's time for it is up, on the clock of the events. */
  readonly until: number;
}

/** What the probe has behind it when a session begins, and before it. */
export interface SessionTiming {
  readonly deadline?: number;
  /** Of the phases before the session. */
  readonly timings?: SessionProgress['timings'];
}

export function createSession(endpoint: Endpoint, limits: Limits, timing: SessionTiming = {}): SmtpSession {
  const { deadline = Infinity, timings = {} } = timing;
  return {
    progress: startProgress(endpoint, timings),
    transcript: createTranscript(limits),
    limits,
    deadline,
    redact: endpoint.auth === undefined ? null : redactionBeforeAuth(endpoint.auth),
    reader: createReplyReader(limits),
    outgoing: '',
  };
}

/** Everything is known but the reply to QUIT. */
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
