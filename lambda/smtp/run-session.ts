/** Runs an SMTP session over a connection. */

import type { Socket } from 'node:net';
import type { Limits } from './bounds/limits.ts';
import { recordLine } from './bounds/transcript.ts';
import { type Connection, type SessionEvents, startConnection } from './connection.ts';
import type { Endpoint } from './endpoint/endpoint.ts';
import type { Finding, TlsFacts } from './sample/sample.ts';
import {
  onConnected,
  onConnectionLost,
  onFailure,
  onReceived,
  onSecured,
  onTimeout,
} from './session/action-after-event.ts';
import { currentPhase } from './session/session-end.ts';
import { createSession, isDecided, type SmtpSession } from './session/session-without-sockets.ts';

export interface SessionOptions {
  readonly endpoint: Endpoint;
  readonly limits: Limits;
  readonly now: () => number;
  /** On the clock of `now`. */
  readonly deadline: number;
  /** Those of the phases before the session. */
  readonly timings?: SmtpSession['progress']['timings'];
  readonly secrets?: SmtpSession['secrets'];
  readonly signal?: AbortSignal | undefined;
  /** See `ProbeOptions`. */
  readonly clientHello?: boolean | undefined;
}

export interface ConnectionResult {
  readonly session: SmtpSession;
  readonly tls: () => TlsFacts | null;
  /** The socket is closed. This is after the verdict, because of the reply to QUIT. */
  readonly closed: Promise<void>;
}

/** Runs the session over an open socket until the verdict. Never rejects because of the server. */
export function runSession(socket: Socket, options: SessionOptions): Promise<ConnectionResult> {
  const { endpoint, limits, now, deadline, signal } = options;
  const session = createSession(endpoint, limits, options);
  let tls: TlsFacts | null = null;
  const events = eventsOf(session, (facts) => {
    tls = facts;
  });
  return new Promise((resolve) => {
    const afterEvent = ({ closed }: Connection) => {
      if (isDecided(session)) resolve({ session, tls: () => tls, closed });
    };
    startConnection(socket, events, { endpoint, quit: limits.quit, now, deadline, signal, afterEvent });
  });
}

function eventsOf(session: SmtpSession, keepTls: (facts: TlsFacts) => void): SessionEvents {
  return {
    onConnected: (at) => onConnected(session, at),
    onReceived: (bytes, at) => onReceived(session, bytes, at),
    onSecured: ({ facts, findings }, at) => {
      keepTls(facts);
      recordLine(session.transcript, '*', `${facts.version} ${facts.cipher}`);
      return onSecured(session, findings, at);
    },
    onTimeout: (at) => onTimeout(session, at),
    onConnectionLost: (how, at) => onConnectionLost(session, how, at),
    onFailure: (found, at) => onFailure(session, inPhase(session, found), at),
    isInHandshake: () => session.progress.state === 'handshake',
    isDecided: () => isDecided(session),
  };
}

/** In TLS 1.3, the refusal of a client certificate arrives after the handshake, whose failure it is. */
function inPhase(session: SmtpSession, found: Finding): Finding {
  return found.code === 'client-certificate-wanted' ? found : { ...found, phase: currentPhase(session) };
}
