/** Ends a session for other reasons than a reply: faults, timeouts and lost connections. */

import { recordLine } from '../bounds/transcript.ts';
import { finding } from '../failures/failures.ts';
import { redactLines } from '../redaction/redact-reply.ts';
import { decodeReply, hasPartialReply, isBinary, type ReplyFault } from '../replies/reply-reader.ts';
import type { SessionState } from '../replies/session-state.ts';
import { wrongProtocolOf } from '../replies/wrong-protocol.ts';
import type { Finding, TimedPhase } from '../sample/sample.ts';
import { addPhaseTime, enterState } from './advance.ts';
import { isDecided, type SmtpSession } from './session-without-sockets.ts';
import { deadlineDetail, secondsText } from './slowest-phases-at-deadline.ts';
import { mayProceed, nextState, PHASES } from './transitions.ts';

/** States in which the server has not greeted, or cannot read a command. */
const STATES_WITHOUT_QUIT: ReadonlySet<SessionState> = new Set(['greeting', 'client-hello', 'handshake']);

/** Adds the finding that ends a session. Sends QUIT if the server can read it. */
export function abandonSession(session: SmtpSession, found: Finding, at: number): void {
  const { progress } = session;
  if (isDecided(session)) {
    endSession(session);
    return;
  }
  addPhaseTime(progress, at);
  progress.findings.push(found);
  recordLine(session.transcript, '*', found.detail);
  const said = progress.pipelined.includes('quit');
  progress.pipelined = [];
  if (STATES_WITHOUT_QUIT.has(progress.state)) endSession(session);
  else if (said) progress.state = 'quit';
  else enterState(session, 'quit', at);
}

export function endSession({ progress }: SmtpSession): void {
  progress.state = 'ended';
}

export function currentPhase({ progress: { state } }: SmtpSession): TimedPhase {
  return PHASES[state] ?? 'quit';
}

/** Replies after a fault cannot be read: QUIT is sent without a wait for its reply. */
export function endOnReplyFault(session: SmtpSession, { fault, detail, lines }: ReplyFault, at: number): void {
  const { progress, secrets, redact, transcript } = session;
  const shown = redactLines(lines, secrets, redact);
  for (const line of shown) recordLine(transcript, 'S:', line);
  if (!isDecided(session)) {
    const code = (progress.state === 'greeting' && wrongProtocolOf(lines[0] ?? '')) || fault;
    abandonSession(session, finding(code, { phase: currentPhase(session), detail, reply: shown.join('\n') }), at);
  }
  endSession(session);
}

export function endOnLostConnection(session: SmtpSession, how: 'closed' | 'reset', at: number): void {
  const { progress, transcript, reader } = session;
  if (progress.state === 'ended') return;
  const isExplained = !mayProceed(progress) || (progress.serviceUnavailable && progress.findings.length > 0);
  if (isDecided(session) || isExplained) recordLine(transcript, '*', `connection ${how} by the server`);
  else if (progress.state === 'client-hello')
    abandonSession(session, noGreetingFinding(session, `${how} when spoken to`), at);
  else {
    const otherProtocol = progress.state === 'greeting' ? wrongProtocolOf(reader.waiting) : null;
    const detail = `connection ${how} by the server after ${secondsText(at - progress.since)}`;
    abandonSession(session, finding(otherProtocol ?? how, { phase: currentPhase(session), detail }), at);
  }
  endSession(session);
}

/**
 * A server without a greeting gets a ClientHello, if there is time for its reply. A server that lost pipelined commands is
 * asked again, one command at a time.
 */
export function endOnTimeout(session: SmtpSession, at: number): void {
  const { progress, transcript } = session;
  if (isDecided(session)) {
    addPhaseTime(progress, at);
    endSession(session);
  } else if (mayTryClientHello(session, at)) {
    recordLine(
      transcript,
      '*',
      `no greeting after ${secondsText(at - progress.since)}: does it wait for the client to speak first?`,
    );
    addPhaseTime(progress, at);
    enterState(session, nextState(progress, 'silent'), at);
  } else if (mayAskAlone(session, at)) askAlone(session, at);
  else abandonSession(session, timeoutFinding(session, at), at);
}

/** States whose command can be repeated: a recipient may be named twice. */
const REPEATABLE: ReadonlySet<SessionState> = new Set(['rcpt', 'rset']);

/** `since` is the reply to the first command of the group, so that the server is known to answer. */
function mayAskAlone({ progress, reader, limits, deadline }: SmtpSession, at: number): boolean {
  const { state, groupSent, pipelining } = progress;
  return (
    REPEATABLE.has(state) &&
    groupSent &&
    pipelining === 'usable' &&
    !hasPartialReply(reader) &&
    at + limits.clientHello <= deadline
  );
}

function askAlone(session: SmtpSession, at: number): void {
  const { progress, transcript } = session;
  const detail = `no reply to a pipelined command after ${secondsText(at - progress.since)}`;
  recordLine(transcript, '*', `${detail}: the command is repeated alone`);
  addPhaseTime(progress, at);
  progress.pipelining = 'repeated';
  progress.pipelined = [];
  enterState(session, progress.state, at);
}

/** Without time for the reply, a ClientHello would only add noise to the log of a slow server. */
function mayTryClientHello(session: SmtpSession, at: number): boolean {
  const { progress, reader, limits, deadline, clientHello } = session;
  return (
    clientHello &&
    progress.state === 'greeting' &&
    !hasPartialReply(reader) &&
    !progress.secured &&
    at + limits.clientHello <= deadline
  );
}

function timeoutFinding(session: SmtpSession, at: number): Finding {
  const { reader, progress, secrets, redact } = session;
  const phase = currentPhase(session);
  if (progress.state === 'client-hello') return noGreetingFinding(session, 'no answer to a ClientHello');
  const after = waitText(session, at);
  if (!hasPartialReply(reader) || progress.state === 'handshake') {
    const missing = progress.state === 'greeting' ? 'no greeting within' : 'no answer after';
    return finding('silence', { phase, detail: `${missing} ${after}` });
  }
  const lines = [...reader.lines, decodeReply(reader.waiting)];
  const code = isBinary(reader.waiting) ? 'reply-binary' : 'reply-incomplete';
  const otherProtocol = progress.state === 'greeting' ? wrongProtocolOf(lines.join('\n')) : null;
  const reply = redactLines(lines, secrets, redact).join('\n');
  return finding(otherProtocol ?? code, { phase, detail: `no whole reply after ${after}`, reply });
}

/** `then`: the reaction of the server to the ClientHello. */
function noGreetingFinding({ progress: { timings } }: SmtpSession, then: string): Finding {
  const limit = secondsText(timings.greeting ?? 0);
  return finding('silence', { phase: 'greeting', detail: `no greeting within ${limit}; ${then}` });
}

/** Handles the reply of a server without a greeting to a ClientHello. */
export function endOnClientHelloReply(session: SmtpSession, bytes: Buffer, at: number): void {
  const said = bytes.toString('latin1', 0, 512);
  const code = wrongProtocolOf(said);
  const detail = 'no greeting: it waited for the client to speak first';
  const silent = noGreetingFinding(session, clientHelloReply(said));
  abandonSession(session, code === null ? silent : finding(code, { phase: 'greeting', detail }), at);
}

/** A mail server that missed its turn reads the ClientHello as a command, and refuses it (5xx). */
function clientHelloReply(said: string): string {
  if (/^220[ -]/.test(said)) return 'it came later';
  const code = /^([2-5]\d\d)[ -]/.exec(said)?.[1];
  return code === undefined
    ? 'the data that came later is not a greeting'
    : `it answered a ClientHello with ${code}, as a mail server that did not greet`;
}

/** The time that was waited. At the deadline of the probe, with the slowest phases. */
function waitText(session: SmtpSession, at: number): string {
  const { progress, deadline } = session;
  const long = secondsText(at - progress.since);
  // Timers may fire a fraction of a millisecond early.
  return deadline - at < 1 ? `${long}; ${deadlineDetail(progress.timings, currentPhase(session))}` : long;
}
