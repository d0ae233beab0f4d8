/** SASL mechanisms: the responses to challenges (RFC 4954, 4616, 2195; XOAUTH2 as Google documents it). */

import { createHmac } from 'node:crypto';
import type { Credentials } from '../endpoint/endpoint.ts';

export type SaslMechanism = NonNullable<Credentials['mechanism']>;

/** Responses before base64. `initial` is sent with the command; null if the server sends the first challenge. */
interface SaslResponses {
  readonly initial: ((credentials: Credentials) => string) | null;
  /** The response to the nth challenge; null if no such challenge is defined. */
  readonly answer: (credentials: Credentials, challenge: string, nth: number) => string | null;
}

const plainResponse = ({ user, password }: Credentials) => `\0${user}\0${password}`;
const bearerResponse = ({ user, password }: Credentials) => `user=${user}\x01auth=Bearer ${password}\x01\x01`;

const MECHANISMS: Readonly<Record<SaslMechanism, SaslResponses>> = {
  PLAIN: { initial: plainResponse, answer: (credentials, _, nth) => (nth === 0 ? plainResponse(credentials) : null) },
  // The prompts differ between servers ("Username:", "User Name\0"). Their order does not.
  LOGIN: { initial: null, answer: ({ user, password }, _, nth) => [user, password][nth] ?? null },
  'CRAM-MD5': {
    initial: null,
    answer: ({ user, password }, challenge, nth) =>
      nth === 0 && challenge !== '' ? `${user} ${createHmac('md5', password).update(challenge).digest('hex')}` : null,
  },
  // A challenge after the initial response is an error in JSON. The server sends 535 after an empty response.
  XOAUTH2: {
    initial: bearerResponse,
    answer: (credentials, challenge, nth) => (nth > 1 ? null : challenge === '' ? bearerResponse(credentials) : ''),
  },
};

const IN_TLS: readonly SaslMechanism[] = ['PLAIN', 'LOGIN', 'CRAM-MD5'];
const IN_CLEAR: readonly SaslMechanism[] = ['CRAM-MD5', 'PLAIN', 'LOGIN'];

/** The configured mechanism, or the best one that is offered; null if there is none. `XOAUTH2` must be configured. */
export function chooseMechanism(
  wanted: SaslMechanism | undefined,
  offered: readonly string[],
  encrypted: boolean,
): SaslMechanism | null {
  const candidates = wanted === undefined ? (encrypted ? IN_TLS : IN_CLEAR) : [wanted];
  return candidates.find((mechanism) => offered.includes(mechanism)) ?? null;
}

export interface SaslExchange {
  /** The AUTH command, without its CRLF. */
  readonly command: string;
  /** The response to a 334 with this text; null if the challenge is malformed. */
  answer(text: string): string | null;
}

export function createSaslExchange(
  mechanism: SaslMechanism,
  credentials: Credentials,
  commandOctets: number,
): SaslExchange {
  const sasl = MECHANISMS[mechanism];
  // RFC 4954 4: an empty initial response is `=`. One that makes the line too long is sent after the 334.
  const initial = sasl.initial && ` ${encode(sasl.initial(credentials)) || '='}`;
  const fits = initial !== null && `AUTH ${mechanism}${initial}\r\n`.length <= commandOctets;
  // PLAIN has no response after its initial response.
  let nth = fits && mechanism === 'PLAIN' ? 1 : 0;
  return {
    command: `AUTH ${mechanism}${fits ? initial : ''}`,
    answer(text) {
      const challenge = decode(text.trim());
      const answer = challenge === null ? null : sasl.answer(credentials, challenge, nth++);
      return answer === null ? null : encode(answer);
    },
  };
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decode(text: string): string | null {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64').toString() : null;
}
