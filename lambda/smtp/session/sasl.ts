/** SASL without sockets: what to answer to each challenge (RFC 4954, 4616, 2195; XOAUTH2 as Google documents it). */

import { createHmac } from 'node:crypto';
import type { Credentials } from '../endpoint/endpoint.ts';

export type SaslMechanism = NonNullable<Credentials['mechanism']>;

/** Answers, unencoded. `initial` goes with the command; null where the mechanism lets the server speak first. */
interface SaslResponses {
  readonly initial: ((credentials: Credentials) => string) | null;
  /** The answer to the nth challenge; null where there should be none. */
  readonly answer: (credentials: Credentials, challenge: string, nth: number) => string | null;
}

const plainResponse = ({ user, password }: Credentials) => `\0${user}\0${password}`;
const bearerResponse = ({ user, password }: Credentials) => `user=${user}\x01auth=Bearer ${password}\x01\x01`;

const MECHANISMS: Readonly<Record<SaslMechanism, SaslResponses>> = {
  PLAIN: { initial: plainResponse, answer: (credentials, _, nth) => (nth === 0 ? plainResponse(credentials) : null) },
  // The prompts differ between servers ("Username:", "User Name\0"): their order does not.
  LOGIN: { initial: null, answer: ({ user, password }, _, nth) => [user, password][nth] ?? null },
  'CRAM-MD5': {
    initial: null,
    answer: ({ user, password }, challenge, nth) =>
      nth === 0 && challenge !== '' ? `${user} ${createHmac('md5', password).update(challenge).digest('hex')}` : null,
  },
  // A challenge after the initial response is an error in JSON: an empty answer brings the 535.
  XOAUTH2: {
    initial: bearerResponse,
    answer: (credentials, challenge) => (challenge === '' ? bearerResponse(credentials) : ''),
  },
};

const IN_TLS: readonly SaslMechanism[] = ['PLAIN', 'LOGIN', 'CRAM-MD5'];
const IN_CLEAR: readonly SaslMechanism[] = ['CRAM-MD5', 'PLAIN', 'LOGIN'];

/** The one that is asked for, or the best of those offered; null where nothing fits. An access token needs `XOAUTH2` asked for. */
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
  /** The line that answers a 334 with this text; null: the challenge is malformed. */
  answer(text: string): string | null;
}

export function createSaslExchange(
  mechanism: SaslMechanism,
  credentials: Credentials,
  commandOctets: number,
): SaslExchange {
  const sasl = MECHANISMS[mechanism];
  // RFC 4954 4: an empty initial response is `=`; one that makes the line too long waits for the server's 334.
  const initial = sasl.initial && ` ${encode(sasl.initial(credentials)) || '='}`;
  const fits = initial !== null && `AUTH ${mechanism}${initial}\r\n`.length <= commandOctets;
  // With the initial response sent, PLAIN has nothing left to answer.
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
