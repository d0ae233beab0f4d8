/** The only file of SMTP, IMAP and POP3 with sockets: it passes bytes between a server and a session, and runs the timers. */

import { createConnection, isIP, type Socket } from 'node:net';
import { connect as startTls, type TLSSocket } from 'node:tls';
import type { SessionAction } from '../wire/session-action.ts';
import { connectFailure, connectTimeout } from './connect-failure.ts';
import { type TlsEndpoint, tlsServerName } from './endpoint/endpoint.ts';
import { finding } from './failures/failures.ts';
import type { Finding } from './sample/sample.ts';
import {
  deferCertificateParsing,
  type HandshakeResult,
  handshakeFailure,
  inspectHandshake,
  secureContextFor,
} from './tls/offer-and-inspect-handshake.ts';

/** An open socket, or the finding of the failure. `within` is in milliseconds. */
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
    // The listeners stay: an abandoned socket may still emit an error, which must be handled.
    socket.on('error', (error) => settle(connectFailure(address, port, error)));
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
  });
}

/** A session without sockets, of any protocol. Each event returns the action that follows. */
export interface SessionEvents {
  onConnected(at: number): SessionAction;
  onReceived(bytes: Buffer, at: number): SessionAction;
  onSecured(handshake: HandshakeResult, at: number): SessionAction;
  onTimeout(at: number): SessionAction;
  onConnectionLost(how: 'closed' | 'reset', at: number): SessionAction;
  /** A failed handshake, or an abort. The phase of the finding is that of the session, which the connection does not know. */
  onFailure(found: Finding, at: number): SessionAction;
  isInHandshake(): boolean;
  /** Only the end of the session is missing. */
  isDecided(): boolean;
}

export interface ConnectionOptions {
  readonly endpoint: TlsEndpoint;
  /** Milliseconds for the end of the session. */
  readonly quit: number;
  readonly now: () => number;
  /** On the clock of `now`. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each event. */
  readonly afterEvent: (connection: Connection) => void;
}

/** The state of a connection. */
export interface Connection {
  readonly options: ConnectionOptions;
  readonly session: SessionEvents;
  wire: Socket | TLSSocket;
  timer: NodeJS.Timeout | undefined;
  /** When the timer is due. */
  due: number;
  /** When the current event happened. */
  at: number;
  handshakeStarted: boolean;
  closing: boolean;
  readonly closed: Promise<void>;
}

/** Runs a session over an open socket. Nothing rejects because of the server. */
export function startConnection(socket: Socket, session: SessionEvents, options: ConnectionOptions): Connection {
  const connection: Connection = {
    options,
    session,
    wire: socket,
    timer: undefined,
    due: 0,
    at: 0,
    handshakeStarted: false,
    closing: false,
    closed: new Promise((finish) => socket.on('close', () => finish(onClose(connection)))),
  };
  listen(connection, socket);
  perform(connection, session.onConnected(now(connection)));
  if (options.signal !== undefined) abortOn(connection, options.signal);
  return connection;
}

/** The time of the event that happens now. */
export function now(connection: Connection): number {
  connection.at = connection.options.now();
  return connection.at;
}

function abortOn(connection: Connection, signal: AbortSignal): void {
  const stop = () => {
    const found = finding('aborted', { detail: 'stopped from outside' });
    perform(connection, connection.session.onFailure(found, now(connection)));
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop);
  void connection.closed.then(() => signal.removeEventListener('abort', stop));
}

function onClose(connection: Connection): void {
  connection.closing = true;
  perform(connection, connection.session.onConnectionLost('closed', now(connection)));
  clearTimeout(connection.timer);
}

function listen(connection: Connection, wire: Socket | TLSSocket): void {
  const { session } = connection;
  wire.on('data', (bytes: Buffer) => perform(connection, session.onReceived(bytes, now(connection))));
  wire.on('end', () => perform(connection, session.onConnectionLost('closed', now(connection))));
  wire.on('error', (error: NodeJS.ErrnoException) => perform(connection, afterError(connection, error)));
}

/** An error during the handshake is a TLS failure; another error is a lost connection. */
function afterError(connection: Connection, error: NodeJS.ErrnoException): SessionAction {
  const { session, options } = connection;
  // Node also reports ECONNRESET for a handshake that the server closed.
  if (error.code === 'EPIPE' || error.message.startsWith('Client network socket disconnected')) {
    return session.onConnectionLost('closed', now(connection));
  }
  const inHandshake = session.isInHandshake();
  if (error.code === 'ECONNRESET' || !(inHandshake || error.code?.startsWith('ERR_SSL')))
    return session.onConnectionLost('reset', now(connection));
  const { wire } = connection;
  const secure = 'getFinished' in wire ? wire : null;
  const found = handshakeFailure(error, inHandshake && options.endpoint.security === 'tls', secure);
  return session.onFailure(found, now(connection));
}

export function perform(connection: Connection, { send, next, until }: SessionAction): void {
  if (send !== '' && connection.wire.writable) connection.wire.write(send);
  if (next === 'close') closeConnection(connection);
  else {
    if (next === 'handshake') startHandshake(connection);
    setTimer(connection, until);
  }
  connection.options.afterEvent(connection);
}

/** The deadline of the probe applies to its verdict, and to the reply to QUIT. */
function setTimer(connection: Connection, until: number): void {
  const due = Math.min(until, lastMoment(connection));
  if (due === connection.due) return;
  clearTimeout(connection.timer);
  connection.due = due;
  // Most timers have the exact duration of a limit. Node has one list per duration, so that few lists are cheap.
  connection.timer = setTimeout(onTimer, Math.ceil(due - connection.at), connection);
}

/** A client that closes without a wait would look as if it had not sent QUIT. */
const QUIT_AT_DEADLINE = 100;

/** The deadline. If it passed with the verdict, QUIT has a moment more. */
function lastMoment({ options, session, at }: Connection): number {
  const { deadline } = options;
  return session.isDecided() ? Math.max(deadline, Math.min(at, deadline) + QUIT_AT_DEADLINE) : deadline;
}

function onTimer(connection: Connection): void {
  connection.due = 0;
  perform(connection, connection.session.onTimeout(now(connection)));
}

/** Closes after pending data is sent. A server that does not read it has the time limit of QUIT. */
function closeConnection(connection: Connection): void {
  if (connection.closing) return;
  connection.closing = true;
  clearTimeout(connection.timer);
  // In clear text and without pending data, the socket is closed at once.
  if (!connection.handshakeStarted && connection.wire.writableLength === 0) {
    connection.wire.destroy();
    return;
  }
  const { quit, now } = connection.options;
  const left = Math.min(quit, lastMoment(connection) - now());
  connection.timer = setTimeout(destroy, Math.max(left, 0), connection);
  connection.wire.destroySoon();
}

function destroy({ wire }: Connection): void {
  wire.destroy();
}

function startHandshake(connection: Connection): void {
  if (connection.handshakeStarted) return;
  connection.handshakeStarted = true;
  const { wire: socket, options } = connection;
  const name = tlsServerName(options.endpoint);
  socket.removeAllListeners('data').removeAllListeners('end');
  const wire = startTls({
    socket,
    secureContext: secureContextFor(options.endpoint),
    rejectUnauthorized: false,
    ...(isIP(name) ? {} : { servername: name }),
    // `certificate.ts` checks the name.
    checkServerIdentity: () => undefined,
  });
  deferCertificateParsing(wire);
  connection.wire = wire;
  listen(connection, wire);
  wire.once('secureConnect', () => onSecure(connection, wire));
}

function onSecure(connection: Connection, wire: TLSSocket): void {
  const { session, options } = connection;
  const handshake = inspectHandshake(wire, options.endpoint, Date.now());
  perform(connection, session.onSecured(handshake, now(connection)));
}
