/** Serves the files of the status page on this machine. No request reads the history. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SiteFile } from '../../web/site.ts';
import { openPreparedFiles, type PreparedFile } from './prepared-file.ts';

export interface PageServer {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** From now on these files are served. */
  publish(files: ReadonlyMap<string, SiteFile>): void;
  close(): Promise<void>;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** No script, style or image from elsewhere, none in the page itself, and no other site may frame it or read it. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
} as const;

/** Milliseconds in which a connection moves no byte. */
const MOST_IDLE = 30_000;

/**
 * Answers only requests that name this machine as their host, so that a page of another site cannot read it through a name
 * that it lets resolve to this machine (DNS rebinding).
 * @param idle milliseconds after which a connection that moves no byte is closed
 * @throws the error of node:net, such as EADDRINUSE
 */
export async function servePages({ host, port }: ListenAddress, idle = MOST_IDLE): Promise<PageServer> {
  let names: readonly string[] = [];
  let files: ReadonlyMap<string, SiteFile> = new Map();
  const preparedFile = openPreparedFiles();
  const server = createServer(
    { maxHeaderSize: 16_384, requestTimeout: 10_000, headersTimeout: 10_000 },
    (request, response) => {
      answer(request, response, files, names, preparedFile).catch(() => response.destroy());
    },
  );
  server.maxConnections = 100;
  // A client that does not read what it asked for.
  server.timeout = idle;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  server.on('error', () => {});
  const bound = server.address() as AddressInfo;
  // A client has the address in its short form, also if `host` is a longer one.
  names = [host.toLowerCase(), bound.address, 'localhost', '127.0.0.1', '::1'];
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return {
    url: `http://${shown}:${bound.port}`,
    publish: (next) => {
      files = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, SiteFile>,
  names: readonly string[],
  preparedFile: (file: SiteFile) => PreparedFile,
): Promise<void> {
  const { status, text } = refusalOf(request, files, names);
  const found = files.get(pathOf(request.url ?? '/'));
  if (status !== 200 || found === undefined) {
    response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(text);
    return;
  }
  const { etag, compress } = preparedFile(found);
  const headers = { ...HEADERS, etag, vary: 'accept-encoding' };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const compressed = takesGzip(request) ? await compress() : null;
  const coding = compressed === null ? {} : { 'content-encoding': 'gzip' };
  response.writeHead(200, { ...headers, ...coding, 'content-type': found.type });
  response.end(request.method === 'HEAD' ? undefined : (compressed ?? found.body));
}

/** Browsers and Prometheus do. */
function takesGzip({ headers }: IncomingMessage): boolean {
  const codings = String(headers['accept-encoding'] ?? '').split(',');
  return codings.some((coding) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(coding));
}

function refusalOf(
  { headers, method, url = '/' }: IncomingMessage,
  files: ReadonlyMap<string, SiteFile>,
  names: readonly string[],
) {
  if (!isOwnHost(headers.host, names)) return { status: 421, text: 'This server answers for this machine only.\n' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'Only GET and HEAD.\n' };
  if (files.size === 0) return { status: 503, text: 'No round has ended yet.\n' };
  return files.has(pathOf(url)) ? { status: 200, text: '' } : { status: 404, text: 'Not found.\n' };
}

function pathOf(url: string): string {
  const path = /^\/([^?#]*)/.exec(url)?.[1] ?? '';
  try {
    return decodeURIComponent(path) || 'index.html';
  } catch {
    return path;
  }
}

/** By the address that it listens on, or by `localhost`. An address for all interfaces is any name. */
function isOwnHost(header: string | undefined, names: readonly string[]): boolean {
  if (header === undefined) return false;
  if (names.includes('0.0.0.0') || names.includes('::')) return true;
  const name = header
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  return names.includes(name);
}
