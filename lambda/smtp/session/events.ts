/**
 * What can happen to a session: each event gives the action that follows. Times are milliseconds of one monotonic clock.
 * Events after the end are heard without effect.
 */

import { createReplyReader } from '../replies/reply-reader.ts';
import type { Finding } from '../sample/sample.ts';
import { advance, clock } from './advance.ts';
import { read } from './read-replies.ts';
import { type Action, nextAction, type Session } from './session.ts';
import { breakOff, endUnmasked, endWithoutAnswer, endWithoutConnection } from './session-end.ts';

export function connected(session: Session, at: number): Action {
  session.progress.since = at;
  return nextAction(session);
}

export function received(session: Session, bytes: Buffer, at: number): Action {
  if (session.progress.state === 'unmask') endUnmasked(session, bytes, at);
  else read(session, bytes, at);
  return nextAction(session);
}

/** The handshake is done; `findings` are those of the certificate. What was read in clear is forgotten (RFC 3207 4.2). */
export function secured(session: Session, findings: readonly Finding[], at: number): Action {
  const { progress } = session;
  clock(progress, at);
  progress.secured = true;
  progress.ehloUnknown = false;
  progress.findings.push(...findings);
  session.reader = createReplyReader(session.limits);
  advance(session, 'secured', at);
  return nextAction(session);
}

/** Time is up for what the last action waited for. */
export function expired(session: Session, at: number): Action {
  endWithoutAnswer(session, at);
  return nextAction(session);
}

/** The connection is gone. */
export function lost(session: Session, how: 'closed' | 'reset', at: number): Action {
  endWithoutConnection(session, how, at);
  return nextAction(session);
}

/** Ended by whoever owns the socket: a handshake that failed, or an abort. */
export function failed(session: Session, found: Finding, at: number): Action {
  breakOff(session, found, at);
  return nextAction(session);
}
