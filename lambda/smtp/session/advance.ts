/** From one state of a session to the next, with the commands that go with it. */

import { record } from '../bounds/transcript.ts';
import { commandOf, groupAfterMail } from './commands.ts';
import { extensionsNow, type Progress } from './progress.ts';
import { redactionInAuth } from './redaction.ts';
import type { Session } from './session.ts';
import { type Happening, PHASES, type State, stateAfter } from './transitions.ts';

export function advance(session: Session, happening: Happening, at: number): void {
  const { progress } = session;
  const next = progress.ahead.shift();
  if (next === undefined) enter(session, stateAfter(progress, happening), at);
  else progress.state = next;
}

/** Enters a state with its command, or with the whole group that may follow. */
export function enter(session: Session, state: State, at: number): void {
  const { progress } = session;
  progress.state = state;
  progress.since = at;
  if (state === 'mail') startTransaction(progress);
  sendCommand(session, state);
  let nth = 0;
  for (const ahead of progress.ahead) sendCommand(session, ahead, ahead === 'rcpt' ? nth++ : 0);
}

function startTransaction(progress: Progress): void {
  progress.recipient = 0;
  progress.accepted = 0;
  progress.senderRefused = false;
  if (extensionsNow(progress)?.PIPELINING !== undefined) progress.ahead = groupAfterMail(progress);
}

function sendCommand(session: Session, state: State, nth?: number): void {
  const command = commandOf(session.progress, state, nth);
  if (command === null) return;
  if (state === 'unmask') session.outgoing += command;
  else if (state === 'auth') sayAuth(session, command);
  else if (state === 'message') say(session, command, '(the mail)');
  else say(session, command);
}

function sayAuth(session: Session, command: string): void {
  confide(session);
  say(session, command, `${command.split(' ', 2).join(' ')} ***`);
}

/** From here on the server knows the credentials, and what it is told of them. */
export function confide(session: Session, ...said: readonly string[]): void {
  const { auth } = session.progress.endpoint;
  if (auth !== undefined) session.redact = redactionInAuth(auth, said);
}

/** Queues a line; `shown` is what the transcript says of it. */
export function say(session: Session, line: string, shown = line): void {
  session.outgoing += `${line}\r\n`;
  record(session.transcript, 'C:', shown);
}

/** Adds the time since the last mark to the phase of the present state. */
export function clock(progress: Progress, at: number): void {
  const phase = PHASES[progress.state];
  if (phase !== null) progress.timings[phase] = (progress.timings[phase] ?? 0) + (at - progress.since);
  progress.since = at;
}
