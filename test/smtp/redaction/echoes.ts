/** How a server may write back what it was told, written without looking at how it is found. */

import fc from 'fast-check';
import type { Credentials } from '../../../lambda/smtp/endpoint/endpoint.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const octets = (text: string) => [...Buffer.from(text)].map((octet) => octet.toString(16).padStart(2, '0'));

type Encode = (credentials: Credentials) => string;

const plain: Encode = ({ user, password }) => `\0${user}\0${password}`;
const bearer: Encode = ({ user, password }) => `user=${user}\x01auth=Bearer ${password}\x01\x01`;

export const ENCODINGS: Readonly<Record<string, Encode>> = {
  plain: ({ password }) => password,
  'upper-case': ({ password }) => password.toUpperCase(),
  base64: ({ password }) => base64(password),
  'base64 without padding': ({ password }) => base64(password).replace(/=+$/, ''),
  base64url: ({ password }) => Buffer.from(password).toString('base64url'),
  'AUTH PLAIN': (credentials) => base64(plain(credentials)),
  'AUTH PLAIN with authzid': ({ user, password }) => base64(`${user}\0${user}\0${password}`),
  'user:password': ({ user, password }) => base64(`${user}:${password}`),
  XOAUTH2: (credentials) => base64(bearer(credentials)),
  'double base64': ({ password }) => base64(base64(password)),
  'double base64 of AUTH PLAIN': (credentials) => base64(base64(plain(credentials))),
  hex: ({ password }) => octets(password).join(''),
  'upper-case hex': ({ password }) => octets(password).join('').toUpperCase(),
  'hex with colons': ({ password }) => octets(password).join(':'),
  'hex with hyphens': ({ password }) => octets(password).join('-'),
  'hex with spaces': ({ password }) => octets(password).join(' '),
  percent: ({ password }) => encodeURIComponent(password),
  'percent, every octet': ({ password }) =>
    octets(password)
      .map((octet) => `%${octet.toUpperCase()}`)
      .join(''),
  'quoted-printable, every octet': ({ password }) =>
    octets(password)
      .map((octet) => `=${octet.toUpperCase()}`)
      .join(''),
  'HTML entities': ({ password }) => [...password].map((character) => `&#${character.codePointAt(0)};`).join(''),
  'HTML entities in hex': ({ password }) =>
    [...password].map((character) => `&#x${character.codePointAt(0)?.toString(16).toUpperCase()};`).join(''),
  'UTF-16 in base64': ({ password }) => Buffer.from(password, 'utf16le').toString('base64'),
};

/** Three alignments: the password in base64 of something that nobody knows. */
for (const before of [1, 2, 3]) {
  (ENCODINGS as Record<string, Encode>)[`in base64 after ${before} octets`] = ({ password }) => {
    const encoded = base64('?'.repeat(before) + password);
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + Buffer.from(password).length) * 8) / 6));
  };
}

/** What counts of a text: not its case, nor what cannot be seen, nor which alphabet of base64 it has. */
export function canonical(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase()
    .replace(/[-_]/g, (character) => (character === '-' ? '+' : '/'));
}

/** The first eight characters in a row of an encoding that a text shows; null where it shows none. */
export function shownOf(credentials: Credentials, texts: readonly string[]): string | null {
  const all = texts.map(canonical).join('\n');
  for (const [name, encode] of Object.entries(ENCODINGS)) {
    const encoded = canonical(encode(credentials));
    for (let at = 0; at + 8 <= encoded.length; at++) {
      const run = encoded.slice(at, at + 8);
      if (all.includes(run)) return `${name}: ${run}`;
    }
  }
  return null;
}

/** Long enough to be looked for in part, and of characters that stand for themselves. */
export const credentials: fc.Arbitrary<Credentials> = fc.record({
  user: fc.oneof(fc.constant('probe@example.com'), fc.stringMatching(/^[a-z]{1,12}$/)),
  password: fc
    .oneof(
      fc.string({ minLength: 8, maxLength: 40 }),
      fc.string({ unit: 'grapheme', minLength: 8, maxLength: 20 }),
      fc.stringMatching(/^[A-Za-z0-9]{8,32}$/),
    )
    .filter((password) => canonical(password).length >= 8 && new Set(canonical(password)).size > 4),
});

export interface Echo {
  readonly credentials: Credentials;
  /** What is said, in one piece or in several, whose ends are not those of words. */
  readonly pieces: readonly string[];
}

/** An encoding, cut off at both ends, with white space in it or not, in up to four pieces. */
export const echo: fc.Arbitrary<Echo> = fc
  .record({
    credentials,
    encoding: fc.constantFrom(...Object.keys(ENCODINGS)),
    from: fc.double({ min: 0, max: 0.5, noNaN: true }),
    to: fc.double({ min: 0.5, max: 1, noNaN: true }),
    whole: fc.boolean(),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
    space: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  })
  .map(({ credentials, encoding, from, to, whole, cuts, space }) => {
    const encoded = (ENCODINGS[encoding] as Encode)(credentials).replace(/[\r\n]/g, '');
    const cut = whole ? encoded : encoded.slice(Math.floor(from * encoded.length), Math.ceil(to * encoded.length));
    const at = Math.floor((space ?? 0) * cut.length);
    const said = space === undefined ? cut : `${cut.slice(0, at)} ${cut.slice(at)}`;
    const ends = [0, ...cuts.map((share) => Math.floor(share * said.length)).toSorted((a, b) => a - b), said.length];
    return { credentials, pieces: ends.slice(1).map((end, nth) => said.slice(ends[nth], end)) };
  });
