/** The token of a message: it proves that a message, or what a bounce quotes of it, is ours. */

import { createHmac, timingSafeEqual } from 'node:crypto';

export interface TripToken {
  /** Identifier of the round trip in the config. */
  readonly trip: string;
  /** Identifier of this message: no other message has it. */
  readonly id: string;
  /** When the message was made, epoch milliseconds. */
  readonly at: number;
}

/** The field of the message that has the token. Its Subject has it, too. */
export const TOKEN_FIELD = 'X-Smtp-Quorum-Trip';

const TRIP = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const ID = /^[A-Za-z0-9_-]{8,40}$/;
/** The first part is the version of the message's contents: with other texts it is another. */
const TOKEN =
  /\bv1:([A-Za-z0-9][A-Za-z0-9._-]{0,62}):([A-Za-z0-9_-]{8,40}):(\d{13}):([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/;

/** @throws TypeError if a part of the token is not usable in a header field */
export function formatToken(token: TripToken, key: string): string {
  assertToken(token);
  return `${signedPart(token)}:${mac(token, key).toString('base64url')}`;
}

/** Of a text that has a token, such as a Subject with a tag before it. @returns null without a token, or if its HMAC is not that of the key */
export function verifyToken(text: string, key: string): TripToken | null {
  const [, trip, id, at, claimed] = TOKEN.exec(text.slice(0, 2_000)) ?? [];
  if (trip === undefined || id === undefined || at === undefined || claimed === undefined) return null;
  const token: TripToken = { trip, id, at: Number(at) };
  const [known, given] = [mac(token, key), Buffer.from(claimed, 'base64url')];
  return given.length === known.length && timingSafeEqual(given, known) ? token : null;
}

/** The token that a text claims to have, which may be forged. */
export function claimedToken(text: string): string | null {
  return TOKEN.exec(text.slice(0, 2_000))?.[0] ?? null;
}

function mac(token: TripToken, key: string): Buffer {
  return createHmac('sha256', key).update(signedPart(token)).digest();
}

function signedPart({ trip, id, at }: TripToken): string {
  return `v1:${trip}:${id}:${at}`;
}

function assertToken({ trip, id, at }: TripToken): void {
  if (!TRIP.test(trip)) throw new TypeError(`not an identifier of a round trip: ${JSON.stringify(trip)}`);
  if (!ID.test(id)) throw new TypeError(`not an identifier of a message: ${JSON.stringify(id)}`);
  if (!/^\d{13}$/.test(String(at))) throw new TypeError(`not a time in milliseconds: ${at}`);
}

const SHORTEST_KEY = 16;

/** A short key could be guessed from a message, and then anybody's message be deleted. */
export function assertKey(key: string, trip: string): string {
  if (key.length >= SHORTEST_KEY) return key;
  throw new Error(`the key of round trip ${trip} has fewer than ${SHORTEST_KEY} characters`);
}
