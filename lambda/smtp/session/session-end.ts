/** Ways for a session to end that are not a reply. */

import { record } from '../bounds/transcript.ts';
import { finding } from '../failures/failures.ts';
import { type Fault, hasBegun, isBinary, textOf } from '../replies/reply-reader.ts';
import { impostorOf } from '../replies/wrong-protocol.ts';
import type { Finding, TimedPhase } from '../sample/sample.ts';
import { clock, enter } from './advance.ts';
import { seconds, timeUp } from './deadline-detail.ts';
import { isDecided, type Session } from './session.ts';
import { isSound, PHASES, type State, stateAfter } from './transitions.ts';

/** The server has not spoken yet, or could not read what it is told. */
const SPEECHLESS: ReadonlySet<State> = new Set(['greeting', 'unmask', 'handshake']);

/** Adds the finding that ends a session, and leaves politely where the server has spoken and can listen. */
export function breakOff(session: Session, found: Finding, at: number): void {
  const { progress } = session;
  if (isDecided(session)) {
    end(session);
    return;
  }
  clock(progress, at);
  progress.findings.push(found);
  record(session.transcript, '*', found.detail);
  const said = progress.ahead.includes('quit');
  progress.ahead = [];
  if (SPEECHLESS.has(progress.state)) end(session);
  else if (said) progress.state = 'quit';
  else enter(session, 'quit', at);
}

export function end({ progress }: Session): void {
  progress.state = 'ended';
}

export function phaseOf({ progress: { state } }: Session): TimedPhase {
  return PHASES[state] ?? 'quit';
}

/** What the server says after a fault cannot be read: QUIT is said, its reply is not waited for. */
export function endWithFault(session: Session, { fault, detail, lines }: Fault, at: number): void {
  const { progress, redact, transcript } = session;
  const shown = redact === null ? lines : lines.map(redact);
  for (const line of shown) record(transcript, 'S:', line);
  if (!isDecided(session)) {
    const code = (progress.state === 'greeting' && impostorOf(lines[0] ?? '')) || fault;
    breakOff(session, finding(code, { phase: phaseOf(session), detail, reply: shown.join('\n') }), at);
  }
  end(session);
}

export function endWithoutConnection(session: Session, how: 'closed' | 'reset', at: number): void {
  const { progress, transcript, reader } = session;
  if (progress.state === 'ended') return;
  const known = !isSound(progress) || (progress.dismissed && progress.findings.length > 0);
  if (isDecided(session) || known) record(transcript, '*', `connection ${how} by the server`);
  else if (progress.state === 'unmask') breakOff(session, silentGreeting(session, `${how} when spoken to`), at);
  else {
    const masked = progress.state === 'greeting' ? impostorOf(reader.waiting) : null;
    const detail = `connection ${how} by the server after ${seconds(at - progress.since)}`;
    breakOff(session, finding(masked ?? how, { phase: phaseOf(session), detail }), at);
  }
  end(session);
}

/** A server that never greeted is asked what it is, where there is time for it. */
export function endWithoutAnswer(session: Session, at: number): void {
  const { progress, transcript } = session;
  if (isDecided(session)) {
    clock(progress, at);
    end(session);
  } else if (isUnmasked(session, at)) {
    record(
      transcript,
      '*',
      `no greeting after ${seconds(at - progress.since)}: does it wait for the client to speak first?`,
    );
    clock(progress, at);
    enter(session, stateAfter(progress, 'silent'), at);
  } else breakOff(session, stalled(session, at), at);
}

/** A question that nobody has the time to hear answered would be noise in the log of a slow server. */
function isUnmasked({ progress, reader, limits, deadline }: Session, at: number): boolean {
  return progress.state === 'greeting' && !hasBegun(reader) && !progress.secured && at + limits.unmask <= deadline;
}

function stalled(session: Session, at: number): Finding {
  const { reader, progress, redact } = session;
  const phase = phaseOf(session);
  if (progress.state === 'unmask') return silentGreeting(session, 'a ClientHello brought no answer');
  const after = waited(session, at);
  if (!hasBegun(reader) || progress.state === 'handshake') {
    const missing = progress.state === 'greeting' ? 'no greeting within' : 'no answer after';
    return finding('silence', { phase, detail: `${missing} ${after}` });
  }
  const said = [...reader.lines, textOf(reader.waiting)].join('\n');
  const code = isBinary(reader.waiting) ? 'reply-binary' : 'reply-incomplete';
  const masked = progress.state === 'greeting' ? impostorOf(said) : null;
  const reply = redact === null ? said : redact(said);
  return finding(masked ?? code, { phase, detail: `no whole reply after ${after}`, reply });
}

/** `then`: what came of asking what else it speaks. */
function silentGreeting({ progress: { timings } }: Session, then: string): Finding {
  const waited = seconds(timings.greeting ?? 0);
  return finding('silence', { phase: 'greeting', detail: `no greeting within ${waited}; ${then}` });
}

/** What a server that never greeted says to a ClientHello. */
export function endUnmasked(session: Session, bytes: Buffer, at: number): void {
  const said = bytes.toString('latin1', 0, 512);
  const code = impostorOf(said);
  const detail = 'no greeting: it waited for the client to speak first';
  const silent = silentGreeting(session, /^\d{3}[ -]/.test(said) ? 'it came later' : 'what came later is none');
  breakOff(session, code === null ? silent : finding(code, { phase: 'greeting', detail }), at);
}

/** How long, and whose time was up: the server's for its reply, or the probe's for everything. */
function waited(session: Session, at: number): string {
  const { progress, deadline } = session;
  const long = seconds(at - progress.since);
  // Timers may be early by the fraction of a millisecond.
  return deadline - at < 1 ? `${long}; ${timeUp(progress.timings, phaseOf(session))}` : long;
}
