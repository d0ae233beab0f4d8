/** An SMTP session without sockets: bytes and the clock in; bytes to send and findings out. */

import { commandOf, groupAfterMail } from './commands.ts';
import type { Endpoint } from './endpoint.ts';
import { finding } from './failures.ts';
import { impostorOf } from './impostor.ts';
import { happeningOf, learn } from './learning.ts';
import type { Limits } from './limits.ts';
import { extensionsNow, type Progress, startOf } from './progress.ts';
import { redactionOf } from './redaction.ts';
import { createReplyReader, type Fault, isBinary, type Reply, type ReplyReader, textOf } from './reply.ts';
import type { Finding } from './sample.ts';
import { createTranscript, shortened, type Transcript } from './transcript.ts';
import { type Happening, isSound, PHASES, type State, stateAfter } from './transitions.ts';

/** What whoever owns the socket does next. */
export interface Action {
  /** Empty: nothing to send. */
  readonly send: string;
  readonly then: 'read' | 'handshake' | 'close';
  /** When the server's time for it is up. */
  readonly until: number;
}

/** Times are milliseconds of one monotonic clock. */
export interface Session {
  connected(at: number): Action;
  received(bytes: Buffer, at: number): Action;
  /** The handshake is done; `findings` are those of the certificate. */
  secured(findings: readonly Finding[], at: number): Action;
  /** Time is up for what the last action waited for. */
  expired(at: number): Action;
  /** The connection is gone. */
  lost(how: 'closed' | 'reset', at: number): Action;
  /** Ended by whoever owns the socket: a handshake that failed, a deadline, an abort. */
  failed(found: Finding, at: number): Action;
  /** Everything is known but the reply to QUIT. */
  readonly decided: boolean;
  readonly progress: Readonly<Progress>;
  readonly transcript: Transcript;
}

interface Machine {
  readonly progress: Progress;
  readonly transcript: Transcript;
  readonly limits: Limits;
  readonly redact: (text: string) => string;
  reader: ReplyReader;
  /** What is to be sent with the next action. */
  outgoing: string;
}

export function createSession(endpoint: Endpoint, limits: Limits): Session {
  const machine: Machine = {
    progress: startOf(endpoint),
    transcript: createTranscript(limits),
    limits,
    redact: redactionOf(endpoint.auth),
    reader: createReplyReader(limits),
    outgoing: '',
  };
  const { progress } = machine;
  return {
    connected(at) {
      progress.since = at;
      return act(machine);
    },
    received(bytes, at) {
      if (progress.state === 'unmask') unmask(machine, bytes, at);
      else read(machine, bytes, at);
      return act(machine);
    },
    secured(findings, at) {
      secure(machine, findings, at);
      return act(machine);
    },
    expired(at) {
      expire(machine, at);
      return act(machine);
    },
    lost(how, at) {
      lose(machine, how, at);
      return act(machine);
    },
    failed(found, at) {
      breakOff(machine, found, at);
      return act(machine);
    },
    get decided() {
      return isDecided(progress);
    },
    progress,
    transcript: machine.transcript,
  };
}

function isDecided({ state, transactions }: Progress): boolean {
  return state === 'quit' || state === 'ended' || (state === 'rset' && transactions.length <= 1);
}

function act(machine: Machine): Action {
  const { state } = machine.progress;
  const send = machine.outgoing;
  machine.outgoing = '';
  const then = state === 'ended' ? 'close' : state === 'handshake' ? 'handshake' : 'read';
  return { send, then, until: machine.progress.since + patience(machine) };
}

function patience({ progress: { state }, limits }: Machine): number {
  switch (state) {
    case 'greeting':
      return limits.greeting;
    case 'unmask':
      return limits.unmask;
    case 'handshake':
      return limits.handshake;
    case 'quit':
    case 'ended':
      return limits.farewell;
    default:
      return limits.reply;
  }
}

// Replies

function read(machine: Machine, bytes: Buffer, at: number): void {
  const { progress, reader } = machine;
  if (progress.state === 'ended' || progress.state === 'handshake') return;
  reader.push(bytes);
  do {
    const next = reader.next();
    if (next === null) return;
    if ('fault' in next) onFault(machine, next, at);
    else onReply(machine, next, at);
  } while (isReading(progress));
}

function isReading({ state }: Progress): boolean {
  return state !== 'ended' && state !== 'handshake';
}

function onReply(machine: Machine, reply: Reply, at: number): void {
  const { progress } = machine;
  const happening = happeningOf(progress.state, reply, progress.endpoint.helo);
  const shown = record(machine, reply, happening === 'challenged' && progress.state === 'auth');
  clock(progress, at);
  learn(progress, shown, happening);
  if (progress.state === 'auth' && happening === 'challenged') answer(machine, reply);
  else if (isOutOfTurn(machine)) onSurplus(machine, happening, at);
  else advance(machine, happening, at);
}

/** Adds a reply to the transcript; with what may be shown of it. */
function record({ transcript, redact }: Machine, { code, lines }: Reply, secret: boolean): Reply {
  const shown = { code, lines: secret ? [`${code} ***`] : lines.map(redact) };
  for (const line of shown.lines) transcript.server(line);
  return shown;
}

function clock(progress: Progress, at: number): void {
  const phase = PHASES[progress.state];
  if (phase !== null) progress.timings[phase] = (progress.timings[phase] ?? 0) + (at - progress.since);
  progress.since = at;
}

function answer(machine: Machine, reply: Reply): void {
  const { progress } = machine;
  const line = progress.exchange?.answer((reply.lines.at(-1) ?? '').slice(4)) ?? null;
  if (line !== null) {
    say(machine, line, '***');
    return;
  }
  progress.exchange = null;
  progress.findings.push(
    finding('auth-challenge-malformed', { detail: 'the challenge cannot be answered', reply: '334 ***' }),
  );
  // RFC 4954 4: a client cancels with a lone asterisk, and the server answers 501.
  say(machine, '*');
}

/** The server said more than it was asked for before it could have seen the next command. */
function isOutOfTurn({ progress, reader }: Machine): boolean {
  return reader.begun && progress.ahead.length === 0 && !isDecided(progress);
}

function onSurplus(machine: Machine, happening: Happening, at: number): void {
  const { progress, reader, redact, limits } = machine;
  const said = JSON.stringify(shortened(redact(textOf(reader.waiting)), 80));
  if (progress.state === 'starttls' && happening === 'accepted') {
    progress.findings.push(
      finding('starttls-injection', { detail: `${said} followed the reply to STARTTLS in clear` }),
    );
    advance(machine, happening, at);
  } else if (isSound(progress)) {
    const phase = PHASES[progress.state] ?? 'quit';
    breakOff(
      machine,
      finding('reply-unsolicited', { phase, detail: `${shortened(said, limits.keptCharacters)} without a command` }),
      at,
    );
  } else advance(machine, happening, at);
}

// Going on

function advance(machine: Machine, happening: Happening, at: number): void {
  const { progress } = machine;
  const next = progress.ahead.shift();
  if (next === undefined) enter(machine, stateAfter(progress, happening), at);
  else progress.state = next;
}

/** Enters a state with its command, or with the whole group that may follow. */
function enter(machine: Machine, state: State, at: number): void {
  const { progress } = machine;
  progress.state = state;
  progress.since = at;
  if (state === 'mail') startTransaction(progress);
  sendCommand(machine, state);
  let nth = 0;
  for (const ahead of progress.ahead) sendCommand(machine, ahead, ahead === 'rcpt' ? nth++ : 0);
}

function startTransaction(progress: Progress): void {
  progress.recipient = 0;
  progress.accepted = 0;
  progress.senderRefused = false;
  if (extensionsNow(progress)?.PIPELINING !== undefined) progress.ahead = groupAfterMail(progress);
}

function sendCommand(machine: Machine, state: State, nth?: number): void {
  const command = commandOf(machine.progress, state, nth);
  if (command === null) return;
  if (state === 'unmask') machine.outgoing += command;
  else if (state === 'auth') say(machine, command, `${command.split(' ', 2).join(' ')} ***`);
  else if (state === 'message') say(machine, command, '(the mail)');
  else say(machine, command);
}

/** Queues a line; `shown` is what the transcript says of it. */
function say(machine: Machine, line: string, shown = line): void {
  machine.outgoing += `${line}\r\n`;
  machine.transcript.client(shown);
}

// Ends

function onFault(machine: Machine, { fault, detail, lines }: Fault, at: number): void {
  const { progress, redact, transcript, limits } = machine;
  const shown = lines.map(redact);
  for (const line of shown) transcript.server(line);
  if (isDecided(progress)) {
    end(machine);
    return;
  }
  const code = (progress.state === 'greeting' && impostorOf(lines[0] ?? '')) || fault;
  const reply = shortened(shown.join('\n'), limits.keptCharacters);
  breakOff(machine, finding(code, { phase: PHASES[progress.state] ?? 'quit', detail, reply }), at);
  // What the server says from here on cannot be read: QUIT is said, its reply is not waited for.
  end(machine);
}

function unmask(machine: Machine, bytes: Buffer, at: number): void {
  const code = impostorOf(bytes.toString('latin1', 0, 512)) ?? 'silence';
  const detail = code === 'silence' ? 'no greeting' : 'no greeting; it waits for the client to speak first';
  breakOff(machine, finding(code, { phase: 'greeting', detail, reply: null }), at);
}

function secure(machine: Machine, findings: readonly Finding[], at: number): void {
  const { progress } = machine;
  clock(progress, at);
  progress.secured = true;
  progress.ehloUnknown = false;
  progress.findings.push(...findings);
  machine.reader = createReplyReader(machine.limits);
  advance(machine, 'secured', at);
}

function expire(machine: Machine, at: number): void {
  const { progress, reader } = machine;
  if (isDecided(progress)) {
    end(machine);
    return;
  }
  if (progress.state === 'greeting' && !reader.begun && !progress.secured) {
    machine.transcript.note(
      `no greeting after ${seconds(at - progress.since)}: is it something that waits for the client?`,
    );
    enter(machine, stateAfter(progress, 'silent'), at);
    return;
  }
  const waited = seconds(at - progress.since);
  breakOff(machine, stalled(machine, `after ${waited}`), at);
}

function stalled({ progress, reader }: Machine, after: string): Finding {
  const phase = PHASES[progress.state] ?? 'quit';
  if (!reader.begun || progress.state === 'handshake')
    return finding('silence', { phase, detail: `no answer ${after}` });
  const said = textOf(reader.waiting);
  const code =
    (progress.state === 'greeting' && impostorOf(said)) || (isBinary(said) ? 'reply-binary' : 'reply-incomplete');
  return finding(code, { phase, detail: `no whole reply ${after}`, reply: said === '' ? null : shortened(said, 512) });
}

function lose(machine: Machine, how: 'closed' | 'reset', at: number): void {
  const { progress, transcript, reader } = machine;
  if (progress.state === 'ended') return;
  transcript.note(`connection ${how} by the server`);
  if (isDecided(progress) || !isSound(progress)) {
    end(machine);
    return;
  }
  const phase = PHASES[progress.state] ?? 'quit';
  const masked = progress.state === 'greeting' ? impostorOf(textOf(reader.waiting)) : null;
  breakOff(machine, finding(masked ?? how, { phase, detail: `${how} after ${seconds(at - progress.since)}` }), at);
  end(machine);
}

/** Adds the finding that ends a session, and leaves politely where the server has spoken and can listen. */
function breakOff(machine: Machine, found: Finding, at: number): void {
  const { progress } = machine;
  if (progress.state === 'ended') return;
  clock(progress, at);
  progress.findings.push(found);
  const speechless = progress.state === 'greeting' || progress.state === 'unmask' || progress.state === 'handshake';
  const said = progress.state === 'quit' || progress.ahead.includes('quit');
  progress.ahead = [];
  if (speechless) end(machine);
  else if (said) progress.state = 'quit';
  else enter(machine, 'quit', at);
}

function end({ progress }: Machine): void {
  progress.state = 'ended';
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
