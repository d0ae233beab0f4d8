import { isDeepStrictEqual } from 'node:util';
import { itemLimit, itemSize } from '../../../lambda/history/table/item-size.ts';
import type { Condition, Item, Table } from '../../../lambda/history/table/table.ts';

/** The error of DynamoDB for an item that is too large. */
export class ValidationException extends Error {
  override readonly name = 'ValidationException';
}

export interface InMemoryTable extends Table {
  /** Every item, including expired ones. */
  readonly stored: ReadonlyMap<string, Item>;
}

/**
 * A table in memory that behaves as DynamoDB does. Without a clock nothing expires: the times of a test are fixed, and what it stores
 * must be there on whichever day it runs.
 */
export function openInMemoryTable(now: () => number = () => 0): InMemoryTable {
  const stored = new Map<string, Item>();
  const keyOf = (pk: string, sk: string) => JSON.stringify([pk, sk]);
  const alive = (item: Item) => item.ttl === undefined || item.ttl * 1000 > now();

  return {
    stored,

    async put(item, condition) {
      const written = asStored(item);
      const key = keyOf(item.pk, item.sk);
      if (!holds(condition, stored.get(key))) return false;
      stored.set(key, written);
      return true;
    },

    async get(pk, sk) {
      const item = stored.get(keyOf(pk, sk));
      return item === undefined || !alive(item) ? null : cloned(item);
    },

    async query(pk, { from = '', to = '\uffff', newestFirst = false, limit, keysOnly = false } = {}) {
      const within = [...stored.values()].filter(
        (item) => item.pk === pk && compareBytes(item.sk, from) >= 0 && compareBytes(item.sk, to) <= 0,
      );
      const sorted = within.sort((a, b) => compareBytes(a.sk, b.sk) * (newestFirst ? -1 : 1));
      return sorted
        .filter(alive)
        .slice(0, limit)
        .map((item) => cloned(keysOnly ? keysOf(item) : item));
    },
  };
}

function keysOf({ pk, sk, ttl }: Item): Item {
  return { pk, sk, ...(ttl === undefined ? {} : { ttl }) };
}

/** Conditions still see expired items: DynamoDB deletes them within days. */
function holds(condition: Condition | undefined, stored: Item | undefined): boolean {
  if (condition === undefined) return true;
  if ('absent' in condition) return stored === undefined;
  return isDeepStrictEqual(stored?.version, condition.version);
}

/** Through JSON, which takes less CPU than `structuredClone`. */
function cloned(item: Item): Item {
  return JSON.parse(JSON.stringify(item)) as Item;
}

/** The item as it is read back: without `undefined`, and sharing no object with the writer. */
function asStored(item: Item): Item {
  if (item.pk === '' || item.sk === '') throw new ValidationException('a key attribute cannot contain an empty string');
  const copy = cloned(item);
  if (itemSize(copy) > itemLimit) throw new ValidationException('Item size has exceeded the maximum allowed size');
  return copy;
}

const SURROGATE = /[\ud800-\udfff]/;

/** DynamoDB sorts strings by their UTF-8 bytes. That is the order of JavaScript, unless there is a character of two code units. */
function compareBytes(a: string, b: string): number {
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
