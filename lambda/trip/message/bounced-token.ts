/** Decides whether a bounce is about a message of ours. Anybody may send a bounce: only the HMAC proves it. */

import type { Dsn } from '../../standards/dsn/dsn.ts';
import { fieldText } from '../../standards/mime/encoded-word.ts';
import { TOKEN_FIELD, type TripToken, verifyToken } from './token.ts';

const FIELDS: readonly string[] = [TOKEN_FIELD.toLowerCase(), 'subject'];

/** Of the header that the bounce quotes. */
export function bouncedToken({ original }: Pick<Dsn, 'original'>, key: string): TripToken | null {
  for (const { name, value } of original) {
    const token = FIELDS.includes(name) ? verifyToken(fieldText(value), key) : null;
    if (token !== null) return token;
  }
  return null;
}
