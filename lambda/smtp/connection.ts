/** The one file that touches sockets: it carries bytes between a server and a session, and keeps the time. */

import { createConnection, isIP, type Socket } from 'node:net';
import { connect as startTls, type TLSSocket } from 'node:tls';
import type { Limits } from './bounds/limits.ts';
import { recordLine } from './bounds/transcript.ts';
import { connectFailure, connectTimeout } from './connect-failure.ts';
import { type Endpoint, tlsServerName } from './endpoint/endpoint.ts';
import { finding } from './failures/failures.ts';
import type { Finding, TlsFacts } from './sample/sample.ts';
import { onConnected, onConnectionLost, onFailure, onReceived, onSecured, onTimeout } from './session/events.ts';
import { createSession, isDecided, type SessionAction, type SmtpSession } from './session/session.ts';
import { currentPhase } from './session/session-end.ts';
import { deferCertificateParsing, handshakeFailure, inspectHandshake, secureContextFor } from './tls/handshake.ts';

/** An open socket, or why there is none; `within` is in milliseconds. */
export function openConnection(
  address: string,
  port: number,
  within: number,
  signal?: AbortSignal,
): Promise<Socket | Finding> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port, noDelay: true });
    const settle = (outcome: Socket | Finding) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      if (outcome !== socket) socket.destroy();
      resolve(outcome);
    };
    const abort = () => settle(finding('aborted', { phase: 'connect', detail: 'stopped while connecting' }));
    const timer = setTimeout(() => settle(connectTimeout(address, port, within)), within);
    socket.on('connect', () => settle(socket));
    // They stay: a socket that was given up may still fail, and nobody is to hear of it.
    socket.on('error', (error) => settle(connectFailure(address, port, error)));
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
  });
}

export interface ConnectionTerms {
  readonly endpoint: Endpoint;
  readonly limits: Limits;
  readonly now: () => number;
  /** On the clock of `now`. */
  readonly deadline: number;
  /** Of the phases before the session. */
  readonly timings?: SmtpSession['progress']['timings'];
  readonly signal?: AbortSignal | undefined;
}

export interface ConnectionResult {
  readonly session: SmtpSession;
  readonly tls: () => TlsFacts | null;
  /** The socket is gone: some time after the verdict, for QUIT has a reply. */
  readonly over: Promise<void>;
}

/** What changes while a conversation goes on. */
interface Line {
  readonly terms: ConnectionTerms;
  readonly session: SmtpSession;
  wire: Socket | TLSSocket;
  timer: NodeJS.Timeout | undefined;
  /** When the timer is due. */
  due: number;
  /** When the present event happened. */
  at: number;
  securing: boolean;
  hungUp: boolean;
  tls: TlsFacts | null;
  readonly decide: () => void;
}

/** Holds the session over an open socket until everything but the reply to QUIT is known. Never rejects for what the server does. */
export function runSession(socket: Socket, terms: ConnectionTerms): Promise<ConnectionResult> {
  const session = createSession(terms.endpoint, terms.limits, terms);
  return new Promise((resolve) => {
    const decide = () => resolve(conversation);
    const line: Line = {
      terms,
      session,
      wire: socket,
      timer: undefined,
      due: 0,
      at: 0,
      securing: false,
      hungUp: false,
      tls: null,
      decide,
    };
    const over = new Promise<void>((finish) => socket.on('close', () => finish(onClose(line))));
    const conversation = { session, tls: () => line.tls, over };
    listen(line, socket);
    perform(line, onConnected(session, now(line)));
    if (terms.signal !== undefined) obey(line, terms.signal, over);
  });
}

function now(line: Line): number {
  line.at = line.terms.now();
  return line.at;
}

function obey(line: Line, signal: AbortSignal, over: Promise<void>): void {
  const stop = () => {
    const found = finding('aborted', { phase: currentPhase(line.session), detail: 'stopped from outside' });
    perform(line, onFailure(line.session, found, now(line)));
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop);
  void over.then(() => signal.removeEventListener('abort', stop));
}

function onClose(line: Line): void {
  line.hungUp = true;
  perform(line, onConnectionLost(line.session, 'closed', now(line)));
  clearTimeout(line.timer);
}

function listen(line: Line, wire: Socket | TLSSocket): void {
  const { session } = line;
  wire.on('data', (bytes: Buffer) => perform(line, onReceived(session, bytes, now(line))));
  wire.on('end', () => perform(line, onConnectionLost(session, 'closed', now(line))));
  wire.on('error', (error: NodeJS.ErrnoException) => perform(line, afterError(line, error)));
}

/** Before TLS is agreed on an error is the handshake's; otherwise the connection is gone. */
function afterError(line: Line, error: NodeJS.ErrnoException): SessionAction {
  const { session, terms } = line;
  // Node says ECONNRESET of a handshake that the server closed, too.
  if (error.code === 'EPIPE' || error.message.startsWith('Client network socket disconnected')) {
    return onConnectionLost(session, 'closed', now(line));
  }
  const inHandshake = session.progress.state === 'handshake';
  if (error.code === 'ECONNRESET' || !(inHandshake || error.code?.startsWith('ERR_SSL')))
    return onConnectionLost(session, 'reset', now(line));
  const found = handshakeFailure(error, inHandshake && terms.endpoint.security === 'tls');
  return onFailure(session, { ...found, phase: currentPhase(session) }, now(line));
}

function perform(line: Line, { send, next, until }: SessionAction): void {
  if (send !== '' && line.wire.writable) line.wire.write(send);
  if (next === 'close') hangUp(line);
  else {
    if (next === 'handshake') secure(line);
    wait(line, until);
  }
  if (isDecided(line.session)) line.decide();
}

/** The deadline of the probe is that of its verdict: the reply to QUIT has a time of its own. */
function wait(line: Line, until: number): void {
  const due = isDecided(line.session) ? until : Math.min(until, line.terms.deadline);
  if (due === line.due) return;
  clearTimeout(line.timer);
  line.due = due;
  // Mostly the very time of a limit: Node keeps a list for each length of time, and one list is cheap.
  line.timer = setTimeout(expire, Math.ceil(due - line.at), line);
}

function expire(line: Line): void {
  line.due = 0;
  perform(line, onTimeout(line.session, now(line)));
}

/** What was written still goes out; a server that does not take it has as long as for its reply to QUIT. */
function hangUp(line: Line): void {
  if (line.hungUp) return;
  line.hungUp = true;
  clearTimeout(line.timer);
  // In clear and with nothing under way, the end of the socket is the end of the connection.
  if (!line.securing && line.wire.writableLength === 0) {
    line.wire.destroy();
    return;
  }
  line.timer = setTimeout(destroy, line.terms.limits.quit, line);
  line.wire.destroySoon();
}

function destroy({ wire }: Line): void {
  wire.destroy();
}

function secure(line: Line): void {
  if (line.securing) return;
  line.securing = true;
  const { wire: socket, terms } = line;
  const name = tlsServerName(terms.endpoint);
  socket.removeAllListeners('data').removeAllListeners('end');
  const wire = startTls({
    socket,
    secureContext: secureContextFor(terms.endpoint),
    rejectUnauthorized: false,
    ...(isIP(name) ? {} : { servername: name }),
    // The name is judged by us.
    checkServerIdentity: () => undefined,
  });
  deferCertificateParsing(wire);
  line.wire = wire;
  listen(line, wire);
  wire.once('secureConnect', () => onSecure(line, wire));
}

function onSecure(line: Line, wire: TLSSocket): void {
  const { session, terms } = line;
  const { facts, findings } = inspectHandshake(wire, terms.endpoint, Date.now());
  line.tls = facts;
  recordLine(session.transcript, '*', `${facts.version} ${facts.cipher}`);
  perform(line, onSecured(session, findings, now(line)));
}
