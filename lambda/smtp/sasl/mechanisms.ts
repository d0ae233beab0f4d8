/**
 * SASL mechanisms: the responses to challenges (RFC 4954, 4616, 2195, 7628; XOAUTH2 as Google documents it). `scram.ts` has
 * those of RFC 5802.
 */

import { createHmac } from 'node:crypto';
import type { Credentials, Endpoint } from '../endpoint/endpoint.ts';
import { plainResponse, xoauth2Response } from './initial-responses.ts';
import { type ServerProof, startScram } from './scram.ts';

export type SaslMechanism = NonNullable<Credentials['mechanism']>;

/** One exchange, before base64. */
interface SaslDialogue {
  /** Sent with the command; null if the server sends the first challenge. */
  readonly initial: string | null;
  /** The response to the nth challenge, null if no such challenge is defined. `challenge` is null if it is not base64. */
  answer(challenge: string | null, nth: number): string | null;
  /** Absent if the mechanism asks no proof of the server. */
  serverProof?(): ServerProof;
}

type StartDialogue = (credentials: Credentials, endpoint: Pick<Endpoint, 'host' | 'port'>) => SaslDialogue;

const MECHANISMS: Readonly<Record<SaslMechanism, StartDialogue>> = {
  PLAIN: ({ user, password }) => {
    const response = plainResponse(user, password);
    return { initial: response, answer: (_, nth) => (nth === 0 ? response : null) };
  },
  // The prompts differ between servers ("Username:", "User Name\0"), and some do not encode them. Their order is the same.
  LOGIN: ({ user, password }) => ({ initial: null, answer: (_, nth) => [user, password][nth] ?? null }),
  'CRAM-MD5': ({ user, password }) => ({
    initial: null,
    answer: (challenge, nth) =>
      nth === 0 && challenge ? `${user} ${createHmac('md5', password).update(challenge).digest('hex')}` : null,
  }),
  // A challenge after the initial response is an error in JSON. The server sends 535 after an empty response.
  XOAUTH2: ({ user, password }) => bearerDialogue(xoauth2Response(user, password), ''),
  // RFC 7628 3.2.3: the response to an error is one SOH.
  OAUTHBEARER: ({ user, password }, { host, port }) =>
    bearerDialogue(`n,a=${user},\x01host=${host}\x01port=${port}\x01auth=Bearer ${password}\x01\x01`, '\x01'),
  'SCRAM-SHA-1': (credentials) => scramDialogue('sha1', credentials),
  'SCRAM-SHA-256': (credentials) => scramDialogue('sha256', credentials),
};

function bearerDialogue(response: string, afterError: string): SaslDialogue {
  return { initial: response, answer: (challenge, nth) => (nth > 1 ? null : challenge === '' ? response : afterError) };
}

function scramDialogue(hash: 'sha1' | 'sha256', credentials: Credentials): SaslDialogue {
  const { first, answer, serverProof } = startScram(hash, credentials);
  return {
    initial: first,
    answer: (challenge) => (challenge === '' ? first : challenge === null ? null : answer(challenge)),
    serverProof,
  };
}

const IN_TLS: readonly SaslMechanism[] = ['PLAIN', 'LOGIN', 'SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5'];
const IN_CLEAR: readonly SaslMechanism[] = ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5', 'PLAIN', 'LOGIN'];

/**
 * The offered mechanisms to try, best first: the configured one, or all that take a password. Mechanisms that take a token
 * must be configured.
 */
export function chooseMechanisms(
  wanted: SaslMechanism | undefined,
  offered: readonly string[],
  encrypted: boolean,
): readonly SaslMechanism[] {
  const candidates = wanted === undefined ? (encrypted ? IN_TLS : IN_CLEAR) : [wanted];
  return candidates.filter((mechanism) => offered.includes(mechanism));
}

/** The server offers mechanisms, and all of them are unknown here, for example `GSSAPI`. */
export function offersOnlyUnknown(offered: readonly string[]): boolean {
  return offered.length > 0 && offered.every((mechanism) => !Object.hasOwn(MECHANISMS, mechanism));
}

export interface SaslExchange {
  /** The AUTH command, without its CRLF. */
  readonly command: string;
  /** The response to a 334 with this text; null if the challenge is malformed. */
  answer(text: string): string | null;
  /** The proof of the server, which SCRAM requires; null if the mechanism has none. */
  serverProof(): ServerProof | null;
}

export function createSaslExchange(
  mechanism: SaslMechanism,
  { auth, ...endpoint }: Pick<Endpoint, 'host' | 'port'> & { readonly auth: Credentials },
  commandOctets: number,
): SaslExchange {
  const sasl = MECHANISMS[mechanism](auth, endpoint);
  // RFC 4954 4: an empty initial response is `=`. One that makes the line too long is sent after the 334.
  const initial = sasl.initial === null ? null : ` ${encode(sasl.initial) || '='}`;
  const fits = initial !== null && `AUTH ${mechanism}${initial}\r\n`.length <= commandOctets;
  // PLAIN has no response after its initial response.
  let nth = fits && mechanism === 'PLAIN' ? 1 : 0;
  return {
    command: `AUTH ${mechanism}${fits ? initial : ''}`,
    answer(text) {
      const answer = sasl.answer(decode(text.trim()), nth++);
      return answer === null ? null : encode(answer);
    },
    serverProof: () => sasl.serverProof?.() ?? null,
  };
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decode(text: string): string | null {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64').toString() : null;
}
