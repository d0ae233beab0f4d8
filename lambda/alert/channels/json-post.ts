/** Posts JSON to the API of a service. Nothing that it returns has the key of the request. */
import { escapeForDisplay } from '../../smtp/bounds/escape.ts';
import { clip } from '../words/safe-text.ts';
import { retryAfterOf } from './retry-after.ts';
import type { Refused } from './sender.ts';

/** A reply of a service. */
export interface JsonReply {
  readonly status: number;
  /** The body as JSON, at most so many octets of it; null if it is none. */
  readonly json: Readonly<Record<string, unknown>> | null;
  readonly retryAfter: number | null;
}

interface JsonPost {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Octets of a reply that are read. A service replies with a few hundred. */
const MOST_READ = 16_384;

/** @throws the error of `fetch` */
export async function postJson({ url, headers = {}, body }: JsonPost, signal: AbortSignal): Promise<JsonReply> {
  const response = await fetch(url, {
    method: 'POST',
    // A redirect would take the key to another place.
    redirect: 'manual',
    headers: { 'content-type': 'application/json', 'user-agent': 'smtp-quorum', ...headers },
    body: JSON.stringify(body),
    signal,
  });
  const json = objectIn(await beginningOf(response));
  return { status: response.status, json, retryAfter: retryAfterOf(response.headers.get('retry-after'), Date.now()) };
}

async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    octets += chunk.length;
    if (octets >= MOST_READ) break;
  }
  return Buffer.concat(chunks).subarray(0, MOST_READ).toString('utf8');
}

function objectIn(text: string): JsonReply['json'] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** `HTTP 400: Event object is invalid`, with no more of what the service says than one line. */
export function refusedReply({ status, retryAfter }: JsonReply, said: readonly unknown[], key: string): Refused {
  const texts = said.flatMap((one) => (typeof one === 'string' && one !== '' ? [one] : []));
  const words = [`HTTP ${status}`, ...texts].join(': ').replaceAll(key, '***');
  return { taken: false, words: clip(escapeForDisplay(clip(words, 300)), 300), retryAfter };
}

/** Why a request got no reply: the code of the socket's error. Messages may have the URL. */
export function unreached(error: unknown, limit: AbortSignal, timeout: number): Refused {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
  const name = code ?? (cause instanceof Error ? cause.name : 'no connection');
  return { taken: false, words: limit.aborted ? `no reply within ${timeout / 1000} s` : name, retryAfter: null };
}
