import { createHash } from 'node:crypto';

/** Tells a pass whether a part of the config is as it was in the last one. */
export function digestOf(part: unknown): string {
  return createHash('sha256').update(JSON.stringify(part)).digest('hex').slice(0, 16);
}
