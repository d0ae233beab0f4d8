/** Takes credentials out of what a server says, also where it echoes them encoded. */

import type { Credentials } from './endpoint.ts';

export type Redact = (text: string) => string;

/**
 * `***` for the user, the password, and their base64, alone or in an AUTH PLAIN or XOAUTH2 response; whatever the case;
 * secrets shorter than `atLeast` characters are left alone.
 */
export function redactionOf(credentials: Credentials, atLeast = 1): Redact {
  const alternatives = secretsOf(credentials)
    .filter((secret) => secret.length >= atLeast)
    .sort((a, b) => b.length - a.length)
    .map((secret) => secret.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const pattern = new RegExp(alternatives.join('|') || '(?!)', 'gi');
  return (text) => text.replace(pattern, '***');
}

function secretsOf({ user, password }: Credentials): readonly string[] {
  const plain = [user, password, `\0${user}\0${password}`, `user=${user}\x01auth=Bearer ${password}\x01\x01`];
  const encoded = plain.map((secret) => Buffer.from(secret).toString('base64'));
  return [...plain.slice(1), ...encoded, ...encoded.map((text) => text.replace(/=+$/, ''))];
}
