import { itemSize } from '../../lambda/history/table/item-size.ts';
import type { Item, Table } from '../../lambda/history/table/table.ts';

/** A table in memory for many items, sorted by partition, that counts the read units of DynamoDB. Each reading makes its own objects. */
export interface IndexedTable extends Table {
  /** Since the last call. */
  readUnits(): number;
}

/** An item but for its keys, as text: items that differ by their keys alone share it, and the heap is that of what reads them. */
interface StoredItem {
  readonly sk: string;
  readonly text: string;
  readonly size: number;
}

const READ_UNIT = 4096;

export function openIndexedTable(): IndexedTable {
  const partitions = new Map<string, Map<string, StoredItem>>();
  const sorted = new Map<string, readonly StoredItem[]>();
  const texts = new Map<string, string>();
  let units = 0;
  const itemsOf = (pk: string) => {
    const known = sorted.get(pk);
    if (known !== undefined) return known;
    const items = [...(partitions.get(pk)?.values() ?? [])].sort((a, b) => (a.sk < b.sk ? -1 : 1));
    sorted.set(pk, items);
    return items;
  };
  const count = (items: readonly StoredItem[], consistent: boolean) => {
    const bytes = items.reduce((sum, { size }) => sum + size, 0);
    units += Math.max(1, Math.ceil(bytes / READ_UNIT)) * (consistent ? 1 : 0.5);
  };
  return {
    readUnits: () => {
      const read = units;
      units = 0;
      return read;
    },
    put: async (item) => {
      const { pk, sk, ...attributes } = item;
      const text = JSON.stringify(attributes);
      const partition = partitions.get(pk) ?? new Map<string, StoredItem>();
      partition.set(sk, { sk, text: texts.get(text) ?? text, size: itemSize(item) });
      texts.set(text, texts.get(text) ?? text);
      partitions.set(pk, partition);
      sorted.delete(pk);
      return true;
    },
    get: async (pk, sk) => {
      const found = partitions.get(pk)?.get(sk);
      count(found === undefined ? [] : [found], true);
      return found === undefined ? null : itemOf(pk, found);
    },
    query: async (pk, { from = '', to = '\uffff', newestFirst = false, limit, consistent = false } = {}) => {
      const within = itemsOf(pk).filter(({ sk }) => sk >= from && sk <= to);
      const found = (newestFirst ? within.toReversed() : within).slice(0, limit);
      count(found, consistent);
      return found.map((one) => itemOf(pk, one));
    },
  };
}

function itemOf(pk: string, { sk, text }: StoredItem): Item {
  return { ...(JSON.parse(text) as Item), pk, sk };
}
