/** Fetches the policy of MTA-STS over HTTPS: RFC 8461 3.3. Time and octets are bounded, and redirects are not followed. */

import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { isIPv6 } from 'node:net';
import type { TLSSocket } from 'node:tls';

export type FetchedPolicy =
  | {
      readonly kind: 'policy';
      readonly body: string;
      readonly contentType: string;
      /** End of the certificate, ISO 8601 UTC. */
      readonly validTo?: string | null;
    }
  | { readonly kind: 'status'; readonly status: number; readonly location: string | null }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'certificate'; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly detail: string };

/** Never rejects. `addresses`: those of the host, tried in order. */
export type FetchPolicy = (host: string, addresses: readonly string[]) => Promise<FetchedPolicy>;

export interface FetchOptions {
  readonly port: number;
  /** PEM of the authorities to trust instead of those of Node. */
  readonly ca?: string;
  /** Milliseconds for all addresses. */
  readonly within: number;
}

/** RFC 8461 3.3 suggests this limit. */
const MOST_OCTETS = 65_536;
const PATH = '/.well-known/mta-sts.txt';

export function policyUrl(domain: string): string {
  return `https://mta-sts.${domain}${PATH}`;
}

export function policyFetch(options: FetchOptions): FetchPolicy {
  return async (host, addresses) => {
    const until = performance.now() + options.within;
    let result: FetchedPolicy = { kind: 'unreachable', detail: `${host} has no address` };
    for (const [nth, address] of addresses.entries()) {
      // What is left is shared with the addresses that follow.
      const within = (until - performance.now()) / (addresses.length - nth);
      if (within <= 0) break;
      result = await fetchFrom(host, address, { ...options, within });
      if (result.kind !== 'unreachable') return result;
    }
    return result;
  };
}

function fetchFrom(host: string, address: string, { port, ca, within }: FetchOptions): Promise<FetchedPolicy> {
  return new Promise((resolve) => {
    const settings: RequestOptions = {
      host: address,
      family: isIPv6(address) ? 6 : 4,
      servername: host,
      port,
      path: PATH,
      headers: { host, accept: 'text/plain' },
      agent: false,
      ...(ca === undefined ? {} : { ca }),
    };
    const query = request(settings);
    const end = (result: FetchedPolicy) => {
      clearTimeout(timer);
      query.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => {
      end({ kind: 'unreachable', detail: `${host} [${address}]: no answer within ${(within / 1000).toFixed(1)} s` });
    }, within);
    query.on('error', (error: NodeJS.ErrnoException) => end(failureOf(error, host, address)));
    query.on('response', (response) =>
      readBody(response, `${host} [${address}]`).then(end, (error) => end(failureOf(error, host, address))),
    );
    query.end();
  });
}

/** Whether a server says that it cannot answer now: RFC 6585 4, RFC 9110 15.6. Senders try again later. */
function isTemporary(status: number): boolean {
  return status === 429 || status >= 500;
}

async function readBody(response: IncomingMessage, place: string): Promise<FetchedPolicy> {
  const { statusCode: status = 0, headers } = response;
  if (isTemporary(status)) return { kind: 'unreachable', detail: `${place}: HTTP status ${status}` };
  if (status !== 200) return { kind: 'status', status, location: headers.location ?? null };
  // The socket is detached when the response ends.
  const until = validTo(response);
  const parts: Buffer[] = [];
  let octets = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    octets += part.length;
    if (octets > MOST_OCTETS) return { kind: 'too-large' };
    parts.push(part);
  }
  return {
    kind: 'policy',
    body: Buffer.concat(parts).toString('latin1'),
    contentType: headers['content-type'] ?? '',
    validTo: until,
  };
}

function validTo({ socket }: IncomingMessage): string | null {
  const until =
    'getPeerCertificate' in socket ? Date.parse((socket as TLSSocket).getPeerCertificate().valid_to) : Number.NaN;
  return Number.isNaN(until) ? null : new Date(until).toISOString();
}

/** Fetches from each host once, for all that ask in one run. */
export function fetchOnce(fetch: FetchPolicy): FetchPolicy {
  const known = new Map<string, Promise<FetchedPolicy>>();
  return (host, addresses) => {
    const fetched = known.get(host) ?? fetch(host, addresses);
    known.set(host, fetched);
    return fetched;
  };
}

/** The errors of a verification. All other errors may be those of the network. */
const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT_ALTNAME|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|INVALID_CA|PATH_LENGTH|HOSTNAME_MISMATCH)/;

function failureOf(error: NodeJS.ErrnoException, host: string, address: string): FetchedPolicy {
  const code = error.code ?? '';
  const detail = `${host} [${address}]: ${code || error.message}`;
  return CERTIFICATE.test(code) ? { kind: 'certificate', detail } : { kind: 'unreachable', detail };
}
