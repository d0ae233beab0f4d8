/** Takes answers on this machine: HTTP on an address or a Unix socket, with the handler that runs on AWS, too. */
import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type HttpRequest, type HttpResponse, MOST_BODY, plainAnswer } from '../../lambda/answer/http.ts';
import { type AnswerListener, isLoopbackHost } from '../../lambda/config/schema/answers/listener.ts';

export interface AnswerServer {
  /** `http://127.0.0.1:8025`, or the path of the socket. */
  readonly place: string;
  close(): Promise<void>;
}

export interface AnswerServerOptions {
  readonly listen: AnswerListener;
  /** Where it is reached from outside; its host is one of those that requests may name. */
  readonly url?: string;
  readonly answer: (request: HttpRequest) => Promise<HttpResponse>;
}

/** Milliseconds in which a request has to arrive, and in which a connection moves no octet. */
const MOST_IDLE = 10_000;

const MOST_CONNECTIONS = 50;

/** @throws the error of node:net, such as EADDRINUSE */
export async function serveAnswers(options: AnswerServerOptions): Promise<AnswerServer> {
  const { listen } = options;
  const server = createServer(
    { maxHeaderSize: 16_384, requestTimeout: MOST_IDLE, headersTimeout: MOST_IDLE, connectionsCheckingInterval: 1_000 },
    (request, response) => void respond(options, request, response),
  );
  keepNewest(server, MOST_CONNECTIONS);
  server.timeout = MOST_IDLE;
  if ('socket' in listen) await listenOnSocket(server, listen.socket);
  else await listening(server, () => server.listen(listen.port, listen.host));
  server.on('error', () => {});
  return {
    place: placeOf(server.address()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Of too many connections the oldest ends: requests take milliseconds, and whoever holds connections open must not keep others out. */
function keepNewest(server: Server, most: number): void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const [oldest] = open;
    if (open.size <= most || oldest === undefined) return;
    open.delete(oldest);
    oldest.destroy();
  });
}

function listening(server: Server, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    start();
  });
}

/** For the user of this process alone. A socket that a process left when it was killed is replaced; one that answers is not. */
async function listenOnSocket(server: Server, path: string): Promise<void> {
  const open = () =>
    listening(server, () => {
      const before = process.umask(0o177);
      try {
        server.listen(path);
      } finally {
        process.umask(before);
      }
    });
  try {
    await open();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || !(await isAbandoned(path))) throw error;
    unlinkSync(path);
    await open();
  }
  chmodSync(path, 0o600);
}

/** A connection to a file that is no socket is refused, too. */
async function isAbandoned(path: string): Promise<boolean> {
  if (!lstatSync(path).isSocket()) return false;
  return await new Promise((resolve) => {
    const socket = connect(path);
    const end = (abandoned: boolean) => {
      socket.destroy();
      resolve(abandoned);
    };
    socket.once('connect', () => end(false));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => end(code === 'ECONNREFUSED'));
  });
}

function placeOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') return address ?? '';
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

async function respond(options: AnswerServerOptions, request: IncomingMessage, response: ServerResponse) {
  const answer = await answerOf(options, request).catch(() => plainAnswer(503));
  // What is left of a body that is too large is not read.
  const end = request.complete ? {} : { connection: 'close' };
  response.writeHead(answer.status, { ...answer.headers, ...end }).end(answer.body);
}

async function answerOf({ listen, url, answer }: AnswerServerOptions, request: IncomingMessage): Promise<HttpResponse> {
  if (!isOwnHost(request.headers.host, listen, url)) return plainAnswer(421);
  const body = await bodyOf(request);
  if (body === null) return plainAnswer(413);
  return answer({
    method: request.method ?? '',
    path: pathWithin(url, request.url ?? '/'),
    headers: singleValues(request.headers),
    body,
    source: sourceOf(request),
  });
}

/** Null if it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | null> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BODY) return null;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Without the query, and without the path of `url`, which a proxy may leave in it or take off. */
function pathWithin(url: string | undefined, target: string): string {
  const path = /^[^?#]*/.exec(target)?.[0] ?? '';
  const base = url === undefined ? '' : new URL(url).pathname.replace(/\/+$/, '');
  return base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length) : path;
}

function singleValues(headers: IncomingMessage['headers']): HttpRequest['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

/** Behind a proxy on this machine, the address that the proxy saw. */
function sourceOf({ socket, headers }: IncomingMessage): string {
  const peer = socket.remoteAddress ?? '';
  const forwarded = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim();
  return (peer === '' || isLoopbackHost(peer)) && forwarded ? forwarded : peer;
}

/**
 * By the address that it listens on, as `localhost`, or by the host of `url`: a page of another site that lets its name resolve
 * to this machine (DNS rebinding) is not answered. No browser reaches a socket.
 */
function isOwnHost(header: string | undefined, listen: AnswerListener, url: string | undefined): boolean {
  if ('socket' in listen) return true;
  if (header === undefined) return false;
  const outside = url === undefined ? [] : [new URL(url).hostname];
  if (outside.length === 0 && (listen.host === '0.0.0.0' || listen.host === '::')) return true;
  const name = header
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  return [
    listen.host,
    'localhost',
    '127.0.0.1',
    '::1',
    ...outside.map((host) => host.replace(/^\[|\]$/g, '')),
  ].includes(name);
}
