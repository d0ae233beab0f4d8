/** Posts alerts to webhooks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { escapeForDisplay } from '../../smtp/bounds/escape.ts';

export interface WebhookLimits {
  /** Milliseconds that one attempt may take. */
  readonly timeout: number;
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubled before each further one. */
  readonly pause: number;
}

const LIMITS: WebhookLimits = { timeout: 10_000, attempts: 4, pause: 500 };

/**
 * Posts the document of an alert to a URL. Tries again after temporary failures: no connection, timeout, 408, 429 and 5xx.
 * `Idempotency-Key` is the id of the alert, so that a receiver can discard a repetition.
 * @throws Error without the path of the URL, because the path is a secret at many receivers
 */
export async function postWebhook(
  url: string,
  json: string,
  id: string,
  limits: WebhookLimits = LIMITS,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const failure = await post(url, json, id, limits.timeout);
    if (failure === null) return;
    if (!failure.isTemporary || attempt === limits.attempts) {
      throw new Error(
        `webhook ${new URL(url).origin} did not accept alert ${id}: ${failure.reason} (attempt ${attempt})`,
      );
    }
    await sleep(limits.pause * 2 ** (attempt - 1));
  }
}

interface Failure {
  readonly reason: string;
  readonly isTemporary: boolean;
}

async function post(url: string, json: string, id: string, timeout: number): Promise<Failure | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      // `fetch` follows a 301 or 302 with a GET: the alert would be lost, and the status would be 200.
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'smtp-quorum',
        // The id may contain any character; a header must be ASCII.
        'idempotency-key': encodeURI(escapeForDisplay(id)),
      },
      body: json,
      signal: AbortSignal.timeout(timeout),
    });
    await response.body?.cancel();
    return response.ok ? null : statusFailure(response.status);
  } catch (error) {
    return { reason: reasonOf(error), isTemporary: true };
  }
}

function statusFailure(status: number): Failure {
  const redirect = status >= 300 && status < 400 ? ', a redirect; configure its destination as the URL' : '';
  return { reason: `HTTP ${status}${redirect}`, isTemporary: status >= 500 || status === 429 || status === 408 };
}

/** The error of the socket, which `fetch` wraps in "fetch failed". */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error)
    return 'code' in cause && cause.name !== 'TimeoutError' ? String(cause.code) : cause.message;
  return String(cause);
}
