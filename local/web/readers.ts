/** Who reads the page of one machine: addresses, and who knows the password. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { SecretReference } from '../../lambda/config/channel.ts';
import type { PageSettings } from '../../lambda/config/page/status-page.ts';
import { type AddressRange, isInRanges, parseAddressRange } from '../../lambda/config/schema/page/address-range.ts';

/** All of what is set must be met. */
export interface Readers {
  /** Null: from everywhere. */
  readonly ranges: readonly AddressRange[] | null;
  /** SHA-256 of the password; null: without one. */
  readonly digest: Buffer | null;
}

export const ALL_READERS: Readers = { ranges: null, digest: null };

/** Fewer characters are guessed over the network: nothing slows guesses down. */
export const SHORTEST_PASSWORD = 12;

/** @throws Error if there is no such secret, or if the password is short; its text has no secret */
export async function readersOf(
  { allow, password }: Pick<PageSettings, 'allow' | 'password'>,
  readSecret: (reference: SecretReference) => Promise<string>,
): Promise<Readers> {
  const secret = password === null ? null : await readSecret(password);
  if (secret !== null && [...secret].length < SHORTEST_PASSWORD)
    throw new Error(`has fewer than ${SHORTEST_PASSWORD} characters`);
  return {
    ranges: allow === null ? null : allow.flatMap((written) => parseAddressRange(written) ?? []),
    digest: secret === null ? null : digestOf(secret),
  };
}

export interface PageRefusal {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const ASK = { 'www-authenticate': 'Basic realm="Status page", charset="UTF-8"' } as const;

/** Null for a reader. */
export function refusalOfReader(
  { ranges, digest }: Readers,
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
): PageRefusal | null {
  if (ranges !== null && !isInRanges(ranges, socket.remoteAddress ?? ''))
    return { status: 403, text: 'This page is not for your address.\n' };
  if (digest === null || timingSafeEqual(digestOf(passwordIn(headers.authorization ?? '')), digest)) return null;
  return { status: 401, text: 'This page asks for a password.\n', headers: ASK };
}

/** RFC 7617: any user name is accepted. */
function passwordIn(authorization: string): string {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? [];
  const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return password;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
