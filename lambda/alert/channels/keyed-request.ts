/** A request to a service with a secret. If the service refuses the secret, it may have been rotated: it is read again, once. */

import type { SecretReference } from '../../config/channel.ts';
import { withTimeLimit } from '../../wire/time-limit.ts';
import { connectionFailure } from './connection-failure.ts';
import { type Refused, SEND_TIMEOUT, type Taken } from './sender.ts';

/** What became of one request. */
export interface Answered {
  readonly result: Taken | Refused;
  /** Whether the service refused the secret. */
  readonly isKeyRefused: boolean;
}

type ReadSecret = (reference: SecretReference, refused?: string) => Promise<string>;

/** Never rejects, and ends within `timeout`. */
export async function withKey(
  reference: SecretReference,
  secret: ReadSecret,
  request: (key: string, signal: AbortSignal) => Promise<Answered>,
  stop: AbortSignal,
  timeout = SEND_TIMEOUT,
): Promise<Taken | Refused> {
  return await withTimeLimit(timeout, stop, (signal, isOver) =>
    requestInTime(reference, secret, request, signal, isOver),
  );
}

async function requestInTime(
  reference: SecretReference,
  secret: ReadSecret,
  request: (key: string, signal: AbortSignal) => Promise<Answered>,
  signal: AbortSignal,
  isOver: () => boolean,
): Promise<Taken | Refused> {
  const read: ReadSecret = (...asked) => untilAborted(secret(...asked), signal);
  const key = await readKey(reference, read);
  if (typeof key !== 'string') return key;
  try {
    const first = await request(key, signal);
    if (!first.isKeyRefused) return first.result;
    const rotated = await readKey(reference, read, key);
    if (typeof rotated !== 'string' || rotated === key) return first.result;
    return (await request(rotated, signal)).result;
  } catch (error) {
    const words = isOver() ? 'no reply in time' : connectionFailure(error);
    return { taken: false, words, retryAfter: null };
  }
}

/** Requests one after another. The first that is refused is the last. */
export async function requestInTurn<Item>(
  items: readonly Item[],
  request: (item: Item) => Promise<Answered>,
): Promise<Answered> {
  let answered: Answered = { result: { taken: true, answer: 'nothing to send' }, isKeyRefused: false };
  for (const item of items) {
    answered = await request(item);
    if (!answered.result.taken) break;
  }
  return answered;
}

/** A secret that is slow to read takes the time of the attempt, and no more. */
async function untilAborted(secret: Promise<string>, signal: AbortSignal): Promise<string> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new DOMException('no reply', 'TimeoutError'));
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([secret, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The secret without the line end that an editor leaves. */
async function readKey(reference: SecretReference, secret: ReadSecret, refused?: string): Promise<string | Refused> {
  try {
    const text = refused === undefined ? await secret(reference) : await secret(reference, refused);
    return text.trim() === '' ? unreadable(reference, 'it is empty') : text.trim();
  } catch (error) {
    return unreadable(reference, error instanceof Error ? error.name : 'no reason');
  }
}

/** The message of the error may name more than the config does. */
function unreadable(reference: SecretReference, why: string): Refused {
  // A variable can only be absent or empty.
  const words =
    'secret' in reference
      ? `secret ${reference.secret} cannot be read: ${why}`
      : `environment variable ${reference.env} is not set`;
  return { taken: false, words: words.slice(0, 300), retryAfter: null };
}
