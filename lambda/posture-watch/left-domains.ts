/** Stores where the next run continues. */
import { postureLeftKey } from '../history/table/keys.ts';
import type { Table } from '../history/table/table.ts';
import type { Left } from './domain-order.ts';

export interface LeftStore {
  /** Null if the last run came to its end. */
  readLeft(vantage: string): Promise<Left | null>;
  writeLeft(vantage: string, left: Left | null, now: number): Promise<void>;
}

/** Seconds. A run that is later than this begins anew. */
const KEPT = 24 * 3600;

export function openLeftStore(table: Table): LeftStore {
  return {
    async readLeft(vantage) {
      const { from, scope } = (await table.get(postureLeftKey.pk, postureLeftKey.sk(vantage))) ?? {};
      return typeof from === 'string' && (scope === 'all' || scope === 'lists') ? { from, scope } : null;
    },
    async writeLeft(vantage, left, now) {
      const key = { pk: postureLeftKey.pk, sk: postureLeftKey.sk(vantage) };
      await table.put({ ...key, ttl: Math.floor(now / 1000) + KEPT, ...left });
    },
  };
}
