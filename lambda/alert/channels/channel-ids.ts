/** Stable ids of channels. They contain no secret: of a URL the origin, of an address or a number nothing. */
import { createHash } from 'node:crypto';
import type { Channel } from '../../config/config.ts';

/** The fragment of a URL without its secrets. `fetch` sends no fragment, so no real URL needs one. */
const HASH = /^#[0-9a-f]{8}$/;

/** `webhook:<origin>#<hash>`; the same for a URL and for what `withoutSecrets` makes of it. */
export function webhookId(url: string): string {
  const { origin, hash } = new URL(withoutSecrets(url));
  return `webhook:${origin}${hash}`;
}

/** The origin of a URL, and a hash that tells it from others of this origin. Who has no secrets can still name the channel. */
export function withoutSecrets(url: string): string {
  const { origin, hash, pathname } = new URL(url);
  return HASH.test(hash) && pathname === '/' ? url : `${origin}/#${shortHash(url)}`;
}

/**
 * The id of an e-mail address or a telephone number, in the message attribute that names the receivers. An id in place of
 * the address is returned as it is.
 */
export function subscriberId(channel: Exclude<Channel, { kind: 'webhook' }>): string {
  const receiver = channel.kind === 'email' ? channel.address : channel.number;
  return ID.test(receiver) ? receiver : `${channel.kind}:${shortHash(receiver)}`;
}

const ID = /^(email|sms):[0-9a-f]{8}$/;

function shortHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}
