/** Takes credentials out of what a server says, also where it echoes them encoded. */

import type { Credentials } from '../endpoint/endpoint.ts';

export type Redact = (text: string) => string;

/** Before AUTH shorter secrets stay, or a password `E` would take the keywords apart; so does the user. */
const TELLING = 6;
/** A shorter user would take the words of every reply apart, and tells nobody anything. */
const SHORTEST_USER = 3;

/** For a server that may know the credentials from an earlier session. */
export function redactionBeforeAuth(credentials: Credentials): Redact {
  return redactionOf(secretsOf(credentials).filter((secret) => secret.length >= TELLING));
}

/** For a server that is being told them; `said` is what was answered to its challenges. */
export function redactionInAuth(credentials: Credentials, said: readonly string[]): Redact {
  const { user } = credentials;
  return redactionOf([
    ...secretsOf(credentials),
    ...(user.length < SHORTEST_USER ? [] : [user]),
    ...said.flatMap(formsOfResponse),
  ]);
}

/** `***` for each of them, whatever the case; the longest first, for one may be part of another. */
function redactionOf(secrets: readonly string[]): Redact {
  const alternatives = [...secrets, ...secrets.map(asLatin1)]
    .filter((secret) => secret !== '')
    .sort((a, b) => b.length - a.length)
    .map((secret) => secret.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const pattern = new RegExp(alternatives.join('|') || '(?!)', 'gi');
  return (text) => text.replace(pattern, '***');
}

/** The password, and the base64 of both, alone or in an AUTH PLAIN or XOAUTH2 response. */
function secretsOf({ user, password }: Credentials): readonly string[] {
  const plain = [password, `\0${user}\0${password}`, `user=${user}\x01auth=Bearer ${password}\x01\x01`];
  const encoded = [user, ...plain].map((secret) => Buffer.from(secret).toString('base64'));
  return [...plain, ...encoded, ...encoded.map(withoutPadding)];
}

/** A digest is a secret, too: with the challenge at hand passwords can be guessed at leisure (RFC 2195 6). */
function formsOfResponse(response: string): readonly string[] {
  const plain = Buffer.from(response, 'base64').toString();
  return [response, withoutPadding(response), plain, plain.slice(plain.lastIndexOf(' ') + 1)];
}

function withoutPadding(base64: string): string {
  return base64.replace(/=+$/, '');
}

/** As it reads in a line that is no UTF-8 as a whole. */
function asLatin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}
