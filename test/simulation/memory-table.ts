import type { Condition, Item, Range, Table } from '../../lambda/history/table/table.ts';

/** Milliseconds. No read is staler. */
const LONGEST_BEHIND = 600_000;

/** Called for every write, before it can be read. */
export type OnWrite = (before: Item | null, after: Item) => void;

/**
 * The table in memory. Writes are linearizable, and reads return copies.
 * @param behind age in milliseconds of an eventually consistent read
 */
export function memoryTable(now: () => number, onWrite: OnWrite = () => {}, behind = () => 0): Table {
  const written = new WeakMap<Item, { readonly at: number; readonly before: Item | null }>();
  const asOf = (item: Item, at: number): Item | null => {
    let seen: Item | null = item;
    for (let write = written.get(item); write && write.at > at; write = seen ? written.get(seen) : undefined)
      seen = write.before;
    return seen;
  };
  const partitions = new Map<string, Item[]>();
  const alive = (item: Item) => item.ttl === undefined || item.ttl * 1000 > now();
  const partition = (pk: string) => {
    const items = partitions.get(pk) ?? [];
    while (items[0] && !alive(items[0])) items.shift();
    partitions.set(pk, items);
    return items;
  };
  return {
    async put(item, condition) {
      const items = partition(item.pk);
      const place = placeOf(items, item.sk);
      const before = items[place]?.sk === item.sk ? (items[place] ?? null) : null;
      if (!holds(condition, before)) return false;
      const after = Object.freeze({ ...item });
      onWrite(before, after);
      written.set(after, { at: now(), before });
      // What was written before it is read no more: the chain of all writes would fill the memory.
      const last = before === null ? undefined : written.get(before);
      if (before !== null && last !== undefined && last.at < now() - LONGEST_BEHIND)
        written.set(before, { at: last.at, before: null });
      items.splice(place, before === null ? 0 : 1, after);
      return true;
    },
    async get(pk, sk) {
      const items = partition(pk);
      const item = items[placeOf(items, sk)];
      return item?.sk === sk && alive(item) ? { ...item } : null;
    },
    async query(pk, { from = '', to = '\uffff', newestFirst = false, limit, consistent = false }: Range = {}) {
      const items = partition(pk);
      const at = consistent ? now() : now() - behind();
      const found: Item[] = [];
      for (let place = placeOf(items, from); place < items.length; place += 1) {
        const item = items[place] as Item;
        if (item.sk > to) break;
        const seen = asOf(item, at);
        if (seen !== null && alive(seen)) found.push({ ...seen });
      }
      return (newestFirst ? found.reverse() : found).slice(0, limit);
    },
  };
}

function holds(condition: Condition | undefined, before: Item | null): boolean {
  if (condition === undefined) return true;
  return 'absent' in condition ? before === null : before?.version === condition.version;
}

/** The index of the item with this sort key, or of its insertion. */
function placeOf(items: readonly Item[], sk: string): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] as Item).sk < sk) low = middle + 1;
    else high = middle;
  }
  return low;
}
