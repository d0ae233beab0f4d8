/** A reply without the credentials that were sent to the server. */

import type { Credentials } from '../endpoint/endpoint.ts';
import { anyOf, type KnownSecrets } from './mask-known-passwords.ts';
import { REPLY_LINES } from './mask-lines.ts';
import { asLatin1 } from './password-encodings.ts';
import { RUN_LENGTH } from './substring-index.ts';

export type Redact = (text: string) => string;

/** A shorter user name is part of many ordinary words, and is no secret. */
const SHORTEST_USER = 3;

/**
 * For the replies of a server that was sent the credentials: masks the user and a short password. `KnownSecrets` masks
 * longer passwords in every text.
 */
export function redactionInAuth({ user, password }: Credentials): Redact {
  const encoded = Buffer.from(password).toString('base64');
  const passwords = [password, encoded, encoded.replace(/=+$/, '')].filter(({ length }) => length < RUN_LENGTH);
  const texts = [...passwords, ...(user.length < SHORTEST_USER ? [] : [user])];
  const pattern = anyOf([...texts, ...texts.map(asLatin1)].filter((text) => text !== ''));
  return (text) => (pattern === null ? text : text.replace(pattern, '***'));
}

/** Of a reply, before it is truncated: a part of a short password would not be found afterwards. */
export function redactLines(lines: readonly string[], secrets: KnownSecrets, redact: Redact | null): readonly string[] {
  const masked = secrets.mask(lines, REPLY_LINES);
  return redact === null ? masked : masked.map(redact);
}
