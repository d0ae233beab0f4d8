/** One request to the API of a service, with JSON in both directions. Nothing that is returned contains the URL. */
import { escapeForDisplay } from '../../smtp/bounds/escape.ts';
import { isLoopbackUrl } from '../../wire/loopback.ts';
import { clip } from '../words/safe-text.ts';
import { connectionFailure } from './connection-failure.ts';
import { retryAfterOf } from './retry-after.ts';
import type { Refused } from './sender.ts';

export interface ServiceReply {
  readonly status: number;
  /** The fields of the body; empty if it is no JSON object. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The body as text, cut at `MOST_OCTETS`. */
  readonly text: string;
  /** Milliseconds of `Retry-After`; null if the reply has none. */
  readonly retryAfter: number | null;
}

export interface ServiceRequest {
  readonly url: string;
  readonly method?: 'POST' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly json: unknown;
}

/** Octets of a reply that are read. */
const MOST_OCTETS = 65_536;

/** Never rejects. */
export async function requestService(request: ServiceRequest, signal: AbortSignal): Promise<ServiceReply | Refused> {
  const { url, method = 'POST', headers, json } = request;
  try {
    const response = await fetch(url, {
      method,
      // `fetch` follows a 301 or 302 with a GET: the alert would be lost, and the status would be 200.
      redirect: 'manual',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'smtp-quorum', ...headers },
      body: JSON.stringify(json),
      signal,
    });
    const text = await boundedText(response);
    const retryAfter = retryAfterOf(response.headers.get('retry-after'), Date.now());
    return { status: response.status, fields: fieldsOf(text), text, retryAfter };
  } catch (error) {
    return { taken: false, words: failureOf(error, signal), retryAfter: null };
  }
}

function failureOf(error: unknown, { aborted, reason }: AbortSignal): string {
  if (!aborted) return connectionFailure(error);
  return reason instanceof Error && reason.name === 'TimeoutError' ? 'no reply in time' : 'stopped';
}

/** A service that never ends its reply costs no more memory than this. */
async function boundedText({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let octets = 0;
  for await (const part of body ?? []) {
    parts.push(part);
    octets += part.byteLength;
    if (octets >= MOST_OCTETS) break;
  }
  return Buffer.concat(parts).subarray(0, MOST_OCTETS).toString('utf8');
}

function fieldsOf(text: string): ServiceReply['fields'] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

/** A refusal that a status alone explains; null for the status of a success. */
export function refusedByStatus({ status, retryAfter }: ServiceReply, detail = ''): Refused | null {
  if (status >= 200 && status < 300) return null;
  const redirect = status >= 300 && status < 400 ? ', a redirect; store its destination as the URL' : '';
  return { taken: false, words: `HTTP ${status}${redirect}${detail === '' ? '' : `: ${detail}`}`, retryAfter };
}

/** `HTTP 400: Event object is invalid`: one line of what the service says, without the key of the request. */
export function refusedReply({ status, retryAfter }: ServiceReply, said: readonly unknown[], key: string): Refused {
  const texts = said.flatMap((one) => (typeof one === 'string' && one !== '' ? [one] : []));
  const words = [`HTTP ${status}`, ...texts].join(': ').replaceAll(key, '***');
  return { taken: false, words: clip(escapeForDisplay(clip(words, 300)), 300), retryAfter };
}

/** Milliseconds of a number of seconds in the body of a reply; null if it is none. */
export function secondsToWait(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.ceil(value * 1000) : null;
}

/** Why no request can be made to the URL of a secret; null if one can. Services are asked by TLS, except on this machine. */
export function urlFault(written: string): Refused | null {
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url !== null && (url.protocol === 'https:' || isLoopbackUrl(url))) return null;
  return { taken: false, words: 'the secret is not an https URL', retryAfter: null };
}
