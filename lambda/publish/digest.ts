import { createHash } from 'node:crypto';

/** 72 bits: a change that is missed is as good as impossible, and nobody gains from one. */
export function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
