/** Serves the files of the status page on this machine. No request reads the history. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageHeaders, READ_BY_OTHER_SITES } from '../../web/page-headers.ts';
import type { SiteFile } from '../../web/site-file.ts';
import { limitConnections } from './limit-connections.ts';
import { isTagKnown, openPreparedFiles, type PreparedFile, takesGzip } from './prepared-file.ts';
import { ALL_READERS, type PageRefusal, type Readers, refusalOfReader } from './readers.ts';
import { hostIn, hostOf, pathOf } from './request-target.ts';

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

/** A picture that somebody opens by itself runs no script, wherever it is from. */
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

export interface PageServerOptions {
  readonly readers?: Readers;
  /** Whether everybody may read it. */
  readonly isPublic?: boolean;
  /** The name of the page, behind a web server that passes it on; null if it has none. */
  readonly domain?: string | null;
  /** Milliseconds after which a connection that moves no byte is closed. */
  readonly idle?: number;
}

/** What is served to whom, at one moment. */
interface Served {
  readonly files: ReadonlyMap<string, SiteFile>;
  readonly names: readonly string[];
  readonly readers: Readers;
  readonly isPublic: boolean;
  readonly domain: string | null;
  readonly preparedFile: (file: SiteFile) => PreparedFile;
}

const MOST_CONNECTIONS = 100;
/** Milliseconds in which a connection moves no byte. */
const MOST_IDLE = 30_000;

/**
 * Answers only requests that name this machine as their host, so that a page of another site cannot read it through a name
 * that it lets resolve to this machine (DNS rebinding).
 * @throws the error of node:net, such as EADDRINUSE
 */
export async function servePages(
  { host, port }: ListenAddress,
  { readers = ALL_READERS, isPublic = false, domain = null, idle = MOST_IDLE }: PageServerOptions = {},
): Promise<PageServer> {
  let names: readonly string[] = [];
  let files: ReadonlyMap<string, SiteFile> = new Map();
  const preparedFile = openPreparedFiles();
  const server = createServer(
    { maxHeaderSize: 16_384, requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      answer(request, response, { files, names, readers, isPublic, domain, preparedFile }).catch(() =>
        response.destroy(),
      );
    },
  );
  limitConnections(server, MOST_CONNECTIONS);
  // A client that does not read what it asked for.
  server.timeout = idle;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  server.on('error', () => {});
  const bound = server.address() as AddressInfo;
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  // A client has the address in its short form, also if `host` is a longer one.
  const own = hostIn(shown) ?? bound.address;
  names = [host.toLowerCase(), own, 'localhost', '127.0.0.1', '::1', ...(domain === null ? [] : [domain])];
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

async function answer(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const headers = { ...headersFor(served, request.headers.host), vary: 'accept-encoding' };
  const refusal = refusalOf(request, served);
  const found = served.files.get(pathOf(request));
  if (refusal !== null || found === undefined) {
    const { status, text, headers: own } = refusal ?? NOT_FOUND;
    response.writeHead(status, { ...headers, ...own, 'content-type': 'text/plain; charset=utf-8' }).end(text);
    return;
  }
  const { etag, octets, compress } = served.preparedFile(found);
  if (isTagKnown(etag, request.headers)) {
    response.writeHead(304, { ...headers, ...policyOf(found), etag }).end();
    return;
  }
  const compressed = takesGzip(request.headers) ? await compress() : null;
  const coding = compressed === null ? {} : { 'content-encoding': 'gzip' };
  response.writeHead(200, { ...headers, ...policyOf(found), ...coding, 'content-type': found.type, etag });
  response.end(request.method === 'HEAD' ? undefined : (compressed ?? octets));
}

/**
 * A proxy keeps no copy of a page that is not for all. Scripts of other sites read a public page by its name alone: a request
 * for an address of this machine, or for `localhost`, may come from any site that a browser of this network has open.
 */
function headersFor({ readers, isPublic, domain }: Served, host: string | undefined): Readonly<Record<string, string>> {
  const isForAll = readers.ranges === null && readers.digest === null;
  const isNamed = isPublic && domain !== null && host !== undefined && hostIn(host) === domain;
  return {
    ...pageHeaders(isPublic),
    ...(isNamed ? READ_BY_OTHER_SITES : {}),
    'cache-control': isForAll ? 'no-cache' : 'private, no-cache',
  };
}

function policyOf({ type }: SiteFile): Readonly<Record<string, string>> {
  return type === 'image/svg+xml' ? { 'content-security-policy': PICTURE_POLICY } : {};
}

const NOT_ALLOWED: PageRefusal = { status: 405, text: 'Only GET and HEAD.\n', headers: { allow: 'GET, HEAD' } };
const NOT_FOUND: PageRefusal = { status: 404, text: 'Not found.\n' };

/** Who is no reader learns nothing, not even whether a file is there. */
function refusalOf(request: IncomingMessage, { files, names, readers }: Served): PageRefusal | null {
  if (!isOwnHost(request, names)) return { status: 421, text: 'This server answers for this machine only.\n' };
  const unwanted = refusalOfReader(readers, request);
  if (unwanted !== null) return unwanted;
  if (request.method !== 'GET' && request.method !== 'HEAD') return NOT_ALLOWED;
  return files.size === 0 ? { status: 503, text: 'No round has ended yet.\n' } : null;
}

/** By the address that it listens on, or by `localhost`. An address for all interfaces is any name. */
function isOwnHost(request: IncomingMessage, names: readonly string[]): boolean {
  if (names.includes('0.0.0.0') || names.includes('::')) return true;
  const host = hostOf(request);
  return host !== null && names.includes(host);
}
