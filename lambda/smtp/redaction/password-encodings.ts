/** The ways in which a server may write a password back: encoded whole, or as part of a SASL message or of anything else. */

import { isAscii } from '../endpoint/a-label.ts';
import type { Credentials } from '../endpoint/endpoint.ts';

/** How each octet is spelled, and what stands between two of them. */
const SPELLINGS: readonly (readonly [before: string, between: string])[] = [
  ['', ''],
  ['', ':'],
  ['', '-'],
  ['', '.'],
  ['', ','],
  ['%', ''],
  ['=', ''],
  ['\\x', ''],
  ['0x', ''],
  ['0x', ','],
];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Of a password: as it is, and in every encoding. */
export function passwordEncodings({ user, password }: Credentials): readonly string[] {
  const octets = Buffer.from(password);
  const messages = messagesOf(user, password).map(base64);
  const parts = base64Substrings(octets);
  const wide = Buffer.from(password, 'utf16le');
  return [
    ...textsOf(password),
    ...messages,
    ...parts,
    ...messages.map(base64),
    ...parts.flatMap((part) => base64Substrings(Buffer.from(part))),
    ...base64Substrings(wide),
    ...base64Substrings(Buffer.from(wide).swap16()),
    ...SPELLINGS.map(([before, between]) => [...octets].map((octet) => before + hex(octet)).join(between)),
    ...[10, 16].map((radix) => [...password].map((character) => entity(character, radix)).join('')),
  ];
}

/** At the end of an answer of CRAM-MD5, or the proof of SCRAM (RFC 5802 7). */
const DIGEST = /^.* ([0-9a-f]{32})$|^.*,p=([\w+/]{20,}={0,2})$/s;

/**
 * Of what was answered to a challenge, if that is a digest: with the challenge at hand passwords can be guessed from it
 * (RFC 2195 6). Any other answer is an encoding of the password.
 */
export function digestEncodings(answer: string): readonly string[] {
  const digest = DIGEST.exec(Buffer.from(answer, 'base64').toString())
    ?.slice(1)
    .find((one) => one !== undefined);
  if (digest === undefined) return [];
  const octets = Buffer.from(digest);
  return [digest, answer, base64(answer), ...base64Substrings(octets), octets.toString('hex')];
}

/** RFC 4616 with and without an authorization identity, XOAUTH2, OAUTHBEARER, the halves of LOGIN, and Basic of RFC 7617. */
function messagesOf(user: string, password: string): readonly string[] {
  return [
    user,
    password,
    `\0${user}\0${password}`,
    `${user}\0${user}\0${password}`,
    `${user}:${password}`,
    `user=${user}\x01auth=Bearer ${password}\x01\x01`,
    `n,a=${user},\x01auth=Bearer ${password}\x01\x01`,
  ];
}

/** Plain, as Latin-1 shows it, and with only those characters escaped that have to be. */
function textsOf(password: string): readonly string[] {
  // A lone surrogate is no text that can be sent; `encodeURIComponent` throws for it.
  const sent = Buffer.from(password).toString();
  const inUri = encodeURIComponent(sent);
  return [
    password,
    asLatin1(password),
    // Beyond ASCII another case may be another number of letters.
    ...(isAscii(password) ? [] : [password.toUpperCase(), password.toLowerCase()]),
    inUri,
    inUri.replaceAll('%20', '+'),
    // RFC 2047 4.2 (2)
    password.replaceAll(' ', '_'),
    inUri.replace(/[!'()*]/g, (character) => `%${hex(character.charCodeAt(0))}`),
    password.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character),
    asLatin1(password).replace(/[^ -<>-~]/g, (octet) => `=${hex(octet.charCodeAt(0))}`),
    JSON.stringify(password).slice(1, -1),
  ];
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}

function entity(character: string, radix: number): string {
  return `&#${radix === 16 ? 'x' : ''}${(character.codePointAt(0) ?? 0).toString(radix)};`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The base64 of anything that has these octets in it, without the characters that tell of their neighbours as well. */
export function base64Substrings(octets: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), octets]).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + octets.length) * 8) / 6));
  });
}

/** As it reads in a line that is no UTF-8 as a whole. */
export function asLatin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}
