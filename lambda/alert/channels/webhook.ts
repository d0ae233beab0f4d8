/** Posts alerts to webhooks. */

import type { SecretReference } from '../../config/channel.ts';
import { escapeForDisplay } from '../../smtp/bounds/escape.ts';
import { withTimeLimit } from '../../wire/time-limit.ts';
import { alertTexts } from '../words/alert-texts.ts';
import type { AlertContext } from '../words/first-line.ts';
import { connectionFailure } from './connection-failure.ts';
import { withKey } from './keyed-request.ts';
import { retryAfterOf } from './retry-after.ts';
import { type Refused, SEND_TIMEOUT, type Sender, type Taken } from './sender.ts';
import type { ServicePorts } from './service-ports.ts';
import { signatureHeaders } from './webhook-signature.ts';

/** Posts the JSON document of each alert to a URL. */
export function webhookSender(url: string, context: AlertContext, timeout = SEND_TIMEOUT): Sender {
  return ({ alert, ...circumstances }, signal) =>
    postWebhook(url, alertTexts(alert, context, circumstances).https, alert.id, { timeout, signal });
}

interface WebhookPlace {
  readonly url: string;
  readonly signature?: SecretReference;
}

/** Signs the requests if the config names a key for it. */
export function configuredWebhookSender(
  { url, signature }: WebhookPlace,
  ports: Pick<ServicePorts, 'config' | 'secret'>,
): Sender {
  return signature === undefined ? webhookSender(url, ports.config) : signedWebhookSender({ url, signature }, ports);
}

/** The same, with each request signed under the key that the config names. */
export function signedWebhookSender(
  { url, signature }: Required<WebhookPlace>,
  { config, secret }: Pick<ServicePorts, 'config' | 'secret'>,
  timeout = SEND_TIMEOUT,
): Sender {
  return ({ alert, ...circumstances }, stop) => {
    const json = alertTexts(alert, config, circumstances).https;
    const send = async (key: string, signal: AbortSignal) => {
      const headers = signatureHeaders(key, json, Date.now());
      const result = await postWebhook(url, json, alert.id, { timeout, signal, headers });
      return { result, isKeyRefused: !result.taken && /^HTTP 40[13]$/.test(result.words) };
    };
    return withKey(signature, secret, send, stop, timeout);
  };
}

interface PostOptions {
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Besides the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Posts the document of an alert. `Idempotency-Key` is the id of the alert, so that a receiver can discard a repetition.
 * The user and password of a URL are sent as a header. Nothing that is returned contains more of the URL than its origin,
 * because the path is a secret at many receivers.
 */
export async function postWebhook(
  url: string,
  json: string,
  id: string,
  { timeout, signal: stop, headers = {} }: PostOptions = { timeout: SEND_TIMEOUT },
): Promise<Taken | Refused> {
  const { href, authorization } = withoutCredentials(url);
  return await withTimeLimit(timeout, stop, async (signal, isOver) => {
    try {
      const response = await fetch(href, {
        method: 'POST',
        // `fetch` follows a 301 or 302 with a GET: the alert would be lost, and the status would be 200.
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'smtp-quorum',
          // The id may contain any character; a header must be ASCII.
          'idempotency-key': encodeURI(escapeForDisplay(id)),
          ...(authorization === null ? {} : { authorization }),
          ...headers,
        },
        body: json,
        signal,
      });
      response.body?.cancel().catch(() => {});
      return response.ok ? { taken: true, answer: `HTTP ${response.status}` } : refusedBy(response);
    } catch (error) {
      const words = isOver() ? `no reply within ${timeout / 1000} s` : connectionFailure(error);
      return { taken: false, words, retryAfter: null };
    }
  });
}

/** `fetch` refuses a URL with a user and password (Fetch Standard); HTTP has a header for them (RFC 7617). */
function withoutCredentials(url: string): { readonly href: string; readonly authorization: string | null } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  if (username === '' && password === '') return { href: url, authorization: null };
  parsed.username = '';
  parsed.password = '';
  const pair = `${decoded(username)}:${decoded(password)}`;
  return { href: parsed.href, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refusedBy({ status, headers }: Response): Refused {
  const redirect = status >= 300 && status < 400 ? ', a redirect; configure its destination as the URL' : '';
  const retryAfter = retryAfterOf(headers.get('retry-after'), Date.now());
  return { taken: false, words: `HTTP ${status}${redirect}`, retryAfter };
}
