/** Fetches a file over HTTPS. Time and octets are bounded, redirects are not followed, and hosts of private networks are not asked. */

import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { isIPv6 } from 'node:net';

export type FetchedUrl =
  | { readonly kind: 'body'; readonly body: string; readonly contentType: string }
  | { readonly kind: 'status'; readonly status: number; readonly location: string | null }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'certificate' | 'unreachable'; readonly detail: string };

/** Never rejects. `addresses`: those of the host of the URL, tried in order. */
export type FetchUrl = (url: URL, addresses: readonly string[]) => Promise<FetchedUrl>;

export interface UrlFetchOptions {
  /** PEM of the authorities to trust instead of those of Node. */
  readonly ca?: string;
  /** Milliseconds for all addresses. */
  readonly within: number;
}

const MOST_URL_OCTETS = 262_144;

export function urlFetch({ within: limit, ca }: UrlFetchOptions): FetchUrl {
  return async (url, addresses) => {
    const until = performance.now() + limit;
    let result: FetchedUrl = { kind: 'unreachable', detail: `${url.hostname} has no address` };
    for (const [nth, address] of addresses.entries()) {
      // What is left is shared with the addresses that follow.
      const within = (until - performance.now()) / (addresses.length - nth);
      if (within <= 0) break;
      result = await fetchUrlFrom(url, address, within, ca);
      if (result.kind !== 'unreachable') return result;
    }
    return result;
  };
}

function fetchUrlFrom(url: URL, address: string, within: number, ca: string | undefined): Promise<FetchedUrl> {
  const { hostname, port, pathname, search } = url;
  const settings: RequestOptions = {
    host: address,
    family: isIPv6(address) ? 6 : 4,
    servername: hostname,
    port: port === '' ? 443 : Number(port),
    path: `${pathname}${search}`,
    headers: { host: url.host },
    agent: false,
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve) => {
    const query = request(settings);
    const end = (result: FetchedUrl) => {
      clearTimeout(timer);
      query.destroy();
      resolve(result);
    };
    const fail = (error: NodeJS.ErrnoException) => end(urlFailure(error, `${hostname} [${address}]`));
    const timer = setTimeout(() => {
      end({
        kind: 'unreachable',
        detail: `${hostname} [${address}]: no answer within ${(within / 1000).toFixed(1)} s`,
      });
    }, within);
    query.on('error', fail);
    query.on('response', (response) => readUrlBody(response).then(end, fail));
    query.end();
  });
}

async function readUrlBody(response: IncomingMessage): Promise<FetchedUrl> {
  const { statusCode: status = 0, headers } = response;
  if (status !== 200) return { kind: 'status', status, location: headers.location ?? null };
  const parts: Buffer[] = [];
  let octets = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    octets += part.length;
    if (octets > MOST_URL_OCTETS) return { kind: 'too-large' };
    parts.push(part);
  }
  return { kind: 'body', body: Buffer.concat(parts).toString('latin1'), contentType: headers['content-type'] ?? '' };
}

/** The errors of a verification. All other errors may be those of the network. */
const UNVERIFIED =
  /^(?:CERT_|ERR_TLS_CERT_ALTNAME|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|INVALID_CA)/;

function urlFailure(error: NodeJS.ErrnoException, place: string): FetchedUrl {
  const code = error.code ?? '';
  const detail = `${place}: ${code || error.message}`;
  return { kind: UNVERIFIED.test(code) ? 'certificate' : 'unreachable', detail };
}
