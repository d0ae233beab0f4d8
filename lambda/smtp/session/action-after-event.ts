/**
 * The events of a connection. Each function returns the action that follows. `at` is in milliseconds on one monotonic
 * clock. Events after the end have no effect.
 */

import { createReplyReader } from '../replies/reply-reader.ts';
import type { Finding } from '../sample/sample.ts';
import { addPhaseTime, advanceSession } from './advance.ts';
import { readReplies } from './handle-received-bytes.ts';
import { abandonSession, endOnClientHelloReply, endOnLostConnection, endOnTimeout } from './session-end.ts';
import { nextAction, type SessionAction, type SmtpSession } from './session-without-sockets.ts';

export function onConnected(session: SmtpSession, at: number): SessionAction {
  session.progress.since = at;
  return nextAction(session);
}

export function onReceived(session: SmtpSession, bytes: Buffer, at: number): SessionAction {
  if (session.progress.state === 'client-hello') endOnClientHelloReply(session, bytes, at);
  else readReplies(session, bytes, at);
  return nextAction(session);
}

/** The handshake succeeded. `findings`: those of the certificate. Input read in clear text is discarded (RFC 3207 4.2). */
export function onSecured(session: SmtpSession, findings: readonly Finding[], at: number): SessionAction {
  const { progress } = session;
  addPhaseTime(progress, at);
  progress.secured = true;
  progress.ehloUnknown = false;
  progress.findings.push(...findings);
  session.reader = createReplyReader(session.limits);
  advanceSession(session, 'secured', at);
  return nextAction(session);
}

/** The time limit of the last action has passed. */
export function onTimeout(session: SmtpSession, at: number): SessionAction {
  endOnTimeout(session, at);
  return nextAction(session);
}

/** The server closed or reset the connection. */
export function onConnectionLost(session: SmtpSession, how: 'closed' | 'reset', at: number): SessionAction {
  endOnLostConnection(session, how, at);
  return nextAction(session);
}

/** The owner of the socket ends the session: a failed handshake, or an abort. */
export function onFailure(session: SmtpSession, found: Finding, at: number): SessionAction {
  abandonSession(session, found, at);
  return nextAction(session);
}
