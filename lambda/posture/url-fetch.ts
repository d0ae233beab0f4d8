/** Fetches a file over HTTPS. Time and octets are bounded, and redirects are not followed. */

import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { isIPv6 } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { fetchInTurn, noAnswerWithin } from './fetch-in-turn.ts';

export type FetchedUrl =
  | {
      readonly kind: 'body';
      readonly body: string;
      readonly contentType: string;
      /** End of the certificate, ISO 8601 UTC. */
      readonly validTo?: string | null;
    }
  | { readonly kind: 'status'; readonly status: number; readonly location: string | null }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'certificate' | 'unreachable'; readonly detail: string };

/** Never rejects. `addresses`: those of the host of the URL, tried in order. */
export type FetchUrl = (url: URL, addresses: readonly string[]) => Promise<FetchedUrl>;

export interface UrlFetchOptions {
  /** Instead of that of the URL. */
  readonly port?: number;
  /** PEM of the authorities to trust instead of those of Node. */
  readonly ca?: string;
  /** Milliseconds for all addresses. */
  readonly within: number;
  readonly mostOctets?: number;
  /** Media type that is asked for. */
  readonly accept?: string;
}

const MOST_OCTETS = 262_144;

export function urlFetch(options: UrlFetchOptions): FetchUrl {
  return (url, addresses) =>
    fetchInTurn(url.hostname, addresses, options.within, (address, within) =>
      fetchFrom(url, address, { ...options, within }),
    );
}

function requestOptions(url: URL, address: string, { port, ca, accept }: UrlFetchOptions): RequestOptions {
  const { hostname, host, pathname, search } = url;
  return {
    host: address,
    family: isIPv6(address) ? 6 : 4,
    servername: hostname,
    port: port ?? (url.port === '' ? 443 : Number(url.port)),
    path: `${pathname}${search}`,
    headers: { host, ...(accept === undefined ? {} : { accept }) },
    agent: false,
    ...(ca === undefined ? {} : { ca }),
  };
}

function fetchFrom(url: URL, address: string, options: UrlFetchOptions): Promise<FetchedUrl> {
  const { within, mostOctets = MOST_OCTETS } = options;
  const place = `${url.hostname} [${address}]`;
  return new Promise((resolve) => {
    const query = request(requestOptions(url, address, options));
    const end = (result: FetchedUrl) => {
      clearTimeout(timer);
      query.destroy();
      resolve(result);
    };
    const fail = (error: NodeJS.ErrnoException) => end(failureOf(error, place));
    const timer = setTimeout(() => end(noAnswerWithin(place, within)), within);
    query.on('error', fail);
    query.on('response', (response) => readBody(response, place, mostOctets).then(end, fail));
    query.end();
  });
}

/** Whether a server says that it cannot answer now: RFC 6585 4, RFC 9110 15.6. Clients try again later. */
function isTemporary(status: number): boolean {
  return status === 429 || status >= 500;
}

async function readBody(response: IncomingMessage, place: string, mostOctets: number): Promise<FetchedUrl> {
  const { statusCode: status = 0, headers } = response;
  if (isTemporary(status)) return { kind: 'unreachable', detail: `${place}: HTTP status ${status}` };
  if (status !== 200) return { kind: 'status', status, location: headers.location ?? null };
  // The socket is detached when the response ends.
  const validTo = validToOf(response);
  const parts: Buffer[] = [];
  let octets = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    octets += part.length;
    if (octets > mostOctets) return { kind: 'too-large' };
    parts.push(part);
  }
  const body = Buffer.concat(parts).toString('latin1');
  return { kind: 'body', body, contentType: headers['content-type'] ?? '', validTo };
}

function validToOf({ socket }: IncomingMessage): string | null {
  const until =
    'getPeerCertificate' in socket ? Date.parse((socket as TLSSocket).getPeerCertificate().valid_to) : Number.NaN;
  return Number.isNaN(until) ? null : new Date(until).toISOString();
}

/** The errors of a verification. All other errors may be those of the network. */
const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT_ALTNAME|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|INVALID_CA|PATH_LENGTH|HOSTNAME_MISMATCH)/;

function failureOf(error: NodeJS.ErrnoException, place: string): FetchedUrl {
  const code = error.code ?? '';
  const detail = `${place}: ${code || error.message}`;
  return { kind: CERTIFICATE.test(code) ? 'certificate' : 'unreachable', detail };
}
