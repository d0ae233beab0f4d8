/**
 * Links in mail that acknowledge one incident: made for one address, signed, and valid for a time. Whoever has the link can
 * acknowledge the incident, and nothing else.
 */
import { createHmac } from 'node:crypto';
import { areEqual } from './signatures.ts';

/** What a link may do. */
export interface LinkGrant {
  /** Identifier of the incident. */
  readonly incident: string;
  /** For whom it was made. */
  readonly address: string;
  /** Epoch seconds. */
  readonly expires: number;
}

export interface LinkMaker {
  /** Where answers are taken: `https://alerts.example.com/quorum`. */
  readonly url: string;
  /** See `linkKeys`. */
  readonly key: string;
  /** Milliseconds that a link is valid. */
  readonly lifetime: number;
}

/** The key signs nothing else, and a later form of links has another first line. */
const PURPOSE = 'smtp-quorum acknowledge v1\n';

/** Octets of a grant, so that a request cannot make us parse much. */
const MOST_GRANT = 1_500;

/** Characters of a key, below which it could be guessed. `openssl rand -hex 32` makes 64. */
export const SHORTEST_KEY = 32;

export const LINK_PATH = '/acknowledge/';

/**
 * The keys in a secret, by white space: the first one signs, and links of all are accepted, so that a key can be replaced.
 * @throws Error if one is too short
 */
export function linkKeys(secret: string): readonly [string, ...string[]] {
  const [first, ...others] = secret.trim().split(/\s+/);
  if (first === undefined || [first, ...others].some((key) => key.length < SHORTEST_KEY)) {
    throw new Error(`the key of links needs ${SHORTEST_KEY} characters or more: openssl rand -hex 32`);
  }
  return [first, ...others];
}

/** @param now epoch milliseconds */
export function acknowledgeLink(
  incident: string,
  address: string,
  { url, key, lifetime }: LinkMaker,
  now: number,
): string {
  const expires = Math.floor((now + lifetime) / 1000);
  return `${url.replace(/\/+$/, '')}${LINK_PATH}${linkToken({ incident, address, expires }, key)}`;
}

export function linkToken({ incident, address, expires }: LinkGrant, key: string): string {
  const grant = Buffer.from(JSON.stringify([incident, address, expires])).toString('base64url');
  return `${grant}.${macOf(grant, key)}`;
}

/**
 * What a token permits; null if it is not signed with one of the keys, or expired. The MAC is compared as text, and covers
 * the text of the grant: a token has no second spelling.
 * @param now epoch milliseconds
 */
export function readLinkToken(token: string, keys: readonly string[], now: number): LinkGrant | null {
  const [grant = '', mac = '', ...rest] = token.split('.', 3);
  if (rest.length > 0 || grant.length > MOST_GRANT) return null;
  if (keys.filter((key) => areEqual(mac, macOf(grant, key))).length === 0) return null;
  const [incident, address, expires] = JSON.parse(Buffer.from(grant, 'base64url').toString());
  return expires * 1000 > now ? { incident, address, expires } : null;
}

function macOf(grant: string, key: string): string {
  return createHmac('sha256', key).update(PURPOSE).update(grant).digest('base64url');
}
