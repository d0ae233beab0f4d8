/** A reply without the credentials that a server was told. */

import type { Credentials } from '../endpoint/endpoint.ts';
import { anyOf, type KnownSecrets } from './known-secrets.ts';
import { REPLY_LINES } from './mask-lines.ts';
import { asLatin1 } from './password-encodings.ts';
import { RUN_LENGTH } from './substring-index.ts';

export type Redact = (text: string) => string;

/** A shorter user would take the words of every reply apart, and tells nobody anything. */
const SHORTEST_USER = 3;

/**
 * For a server that was told them: the user, and a password that is too short to be looked for in any text, before what
 * was said is cut to length. All else is for `redactSample`.
 */
export function redactionInAuth({ user, password }: Credentials): Redact {
  const encoded = Buffer.from(password).toString('base64');
  const passwords = [password, encoded, encoded.replace(/=+$/, '')].filter(({ length }) => length < RUN_LENGTH);
  const texts = [...passwords, ...(user.length < SHORTEST_USER ? [] : [user])];
  const pattern = anyOf([...texts, ...texts.map(asLatin1)].filter((text) => text !== ''));
  return (text) => (pattern === null ? text : text.replace(pattern, '***'));
}

/** Of a reply, before it is cut to length: half a short password is too much. */
export function redactLines(lines: readonly string[], secrets: KnownSecrets, redact: Redact | null): readonly string[] {
  const masked = secrets.mask(lines, REPLY_LINES);
  return redact === null ? masked : masked.map(redact);
}
