/** Bytes from the server: replies, and what follows from them. */

import { record, shortened } from '../bounds/transcript.ts';
import { finding } from '../failures/failures.ts';
import { hasBegun, nextReply, push, type Reply, textOf } from '../replies/reply-reader.ts';
import { advance, clock, confide, say } from './advance.ts';
import { happeningOf, learn } from './record-reply.ts';
import { isDecided, type Session } from './session.ts';
import { breakOff, endWithFault, phaseOf } from './session-end.ts';
import { type Happening, isSound } from './transitions.ts';

export function read(session: Session, bytes: Buffer, at: number): void {
  if (!isReading(session)) return;
  push(session.reader, bytes);
  do {
    const next = nextReply(session.reader);
    if (next === null) return;
    if ('fault' in next) endWithFault(session, next, at);
    else onReply(session, next, at);
  } while (isReading(session));
}

function isReading({ progress: { state } }: Session): boolean {
  return state !== 'ended' && state !== 'handshake';
}

function onReply(session: Session, reply: Reply, at: number): void {
  const { progress } = session;
  const happening = happeningOf(progress.state, reply, progress.endpoint.helo);
  const challenged = progress.state === 'auth' && happening === 'challenged';
  const shown = show(session, reply, challenged);
  clock(progress, at);
  learn(progress, shown, happening);
  if (isOutOfTurn(session)) onSurplus(session, happening, at);
  else if (challenged) answer(session, reply);
  else advance(session, happening, at);
}

/** Adds a reply to the transcript; with what may be shown of it. */
function show({ transcript, redact }: Session, reply: Reply, secret: boolean): Reply {
  const { code, lines } = reply;
  const shown = secret
    ? { code, lines: [`${code} ***`] }
    : redact === null
      ? reply
      : { code, lines: lines.map(redact) };
  for (const line of shown.lines) record(transcript, 'S:', line);
  return shown;
}

function answer(session: Session, reply: Reply): void {
  const line = session.progress.exchange?.answer((reply.lines.at(-1) ?? '').slice(4)) ?? null;
  if (line === null) cancel(session);
  else {
    confide(session, line);
    say(session, line, '***');
  }
}

/** RFC 4954 4: a client cancels with a lone asterisk, and the server answers 501. */
function cancel(session: Session): void {
  const { progress } = session;
  progress.exchange = null;
  progress.findings.push(
    finding('auth-challenge-malformed', { detail: 'the challenge cannot be answered', reply: '334 ***' }),
  );
  say(session, '*');
}

/** The server said more than it was asked for, before it could have seen the next command. */
function isOutOfTurn(session: Session): boolean {
  return hasBegun(session.reader) && session.progress.ahead.length === 0 && !isDecided(session);
}

function onSurplus(session: Session, happening: Happening, at: number): void {
  const { progress, reader, redact } = session;
  // Redacted before it is cut: half a password is too much.
  const text = textOf(reader.waiting);
  const said = JSON.stringify(shortened(redact === null ? text : redact(text), 80));
  if (progress.state === 'starttls' && happening === 'accepted') {
    progress.findings.push(
      finding('starttls-injection', { detail: `${said} followed the reply to STARTTLS in clear` }),
    );
    advance(session, happening, at);
  } else if (isSound(progress)) {
    breakOff(
      session,
      finding('reply-unsolicited', { phase: phaseOf(session), detail: `${said} without a command` }),
      at,
    );
  } else advance(session, happening, at);
}
