import { itemSize } from '../../lambda/history/table/item-size.ts';
import type { Item, Table } from '../../lambda/history/table/table.ts';

/** A table in memory for many items, sorted by partition, that counts the read units of DynamoDB. */
export interface IndexedTable extends Table {
  /** Since the last call. */
  readUnits(): number;
  readonly partitions: ReadonlyMap<string, ReadonlyMap<string, Item>>;
}

const READ_UNIT = 4096;

export function openIndexedTable(): IndexedTable {
  const partitions = new Map<string, Map<string, Item>>();
  const sorted = new Map<string, readonly Item[]>();
  let units = 0;
  const itemsOf = (pk: string) => {
    const known = sorted.get(pk);
    if (known !== undefined) return known;
    const items = [...(partitions.get(pk)?.values() ?? [])].sort((a, b) => (a.sk < b.sk ? -1 : 1));
    sorted.set(pk, items);
    return items;
  };
  const count = (items: readonly Item[], consistent: boolean) => {
    const bytes = items.reduce((sum, item) => sum + itemSize(item), 0);
    units += Math.max(1, Math.ceil(bytes / READ_UNIT)) * (consistent ? 1 : 0.5);
  };
  return {
    partitions,
    readUnits: () => {
      const read = units;
      units = 0;
      return read;
    },
    put: async (item) => {
      const partition = partitions.get(item.pk) ?? new Map<string, Item>();
      partition.set(item.sk, JSON.parse(JSON.stringify(item)) as Item);
      partitions.set(item.pk, partition);
      sorted.delete(item.pk);
      return true;
    },
    get: async (pk, sk) => {
      const found = partitions.get(pk)?.get(sk) ?? null;
      count(found === null ? [] : [found], true);
      return found;
    },
    query: async (pk, { from = '', to = '\uffff', newestFirst = false, limit, consistent = false } = {}) => {
      const within = itemsOf(pk).filter(({ sk }) => sk >= from && sk <= to);
      const found = (newestFirst ? within.toReversed() : within).slice(0, limit);
      count(found, consistent);
      return found;
    },
  };
}
