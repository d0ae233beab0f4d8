/** Moves a session to its next state and queues the commands of that state. */

import { recordLine } from '../bounds/transcript.ts';
import { redactionInAuth } from '../redaction/redact-reply.ts';
import type { SessionEvent, SessionState } from '../replies/session-state.ts';
import { commandOf, pipelinedAfterMail } from './command-text-by-state.ts';
import { currentExtensions, type SessionProgress } from './progress.ts';
import type { SmtpSession } from './session-without-sockets.ts';
import { nextState, PHASES } from './transitions.ts';

export function advanceSession(session: SmtpSession, event: SessionEvent, at: number): void {
  const { progress } = session;
  const next = progress.pipelined.shift();
  if (next === undefined) enterState(session, nextState(progress, event), at);
  else progress.state = next;
}

/** Enters a state and queues its command, with the pipelined commands after it. */
export function enterState(session: SmtpSession, state: SessionState, at: number): void {
  const { progress } = session;
  progress.state = state;
  progress.since = at;
  if (state === 'mail') startTransaction(progress);
  sendCommand(session, state);
  let nth = 0;
  for (const pipelined of progress.pipelined) sendCommand(session, pipelined, pipelined === 'rcpt' ? nth++ : 0);
}

function startTransaction(progress: SessionProgress): void {
  progress.recipient = 0;
  progress.accepted = 0;
  progress.senderRefused = false;
  if (currentExtensions(progress)?.PIPELINING !== undefined && progress.pipelining === 'usable')
    progress.pipelined = pipelinedAfterMail(progress);
  progress.groupSent = progress.pipelined.length > 0;
}

function sendCommand(session: SmtpSession, state: SessionState, nth?: number): void {
  const command = commandOf(session.progress, state, nth);
  if (command === null) return;
  if (state === 'client-hello') session.outgoing += command;
  else if (state === 'auth') sendAuth(session, command);
  else if (state === 'message') sendLine(session, command, '(the mail)');
  else sendLine(session, command);
}

function sendAuth(session: SmtpSession, command: string): void {
  protectCredentials(session);
  sendLine(session, command, `${command.split(' ', 2).join(' ')} ***`);
}

/** From here on the server knows the credentials. */
function protectCredentials(session: SmtpSession): void {
  const { auth } = session.progress.endpoint;
  if (auth !== undefined) session.redact = redactionInAuth(auth);
}

/** Queues a line. The transcript has `shown` for it. */
export function sendLine(session: SmtpSession, line: string, shown = line): void {
  session.outgoing += `${line}\r\n`;
  recordLine(session.transcript, 'C:', shown);
}

/**
 * Adds the time since the last call to the phase of the current state. The reply to a QUIT that was sent in a group may come
 * with the one before it, which measures nothing.
 */
export function addPhaseTime(progress: SessionProgress, at: number): void {
  const phase = PHASES[progress.state];
  const isMeasured = phase !== 'quit' || at > progress.since;
  if (phase !== null && isMeasured) progress.timings[phase] = (progress.timings[phase] ?? 0) + (at - progress.since);
  progress.since = at;
}
