/** Items that are not what their key says: they are skipped and reported, and the others are read. */
import type { Condition, Item } from './table.ts';

export interface UnreadableItem {
  readonly pk: string;
  readonly sk: string;
  /** A part of a sentence. */
  readonly why: string;
}

/** Told each item once in the life of a process. */
export type ReportUnreadable = (item: UnreadableItem) => void;

/** Items that were reported before. */
const most = 1000;

export function reportOnce(tell: ReportUnreadable = () => {}): ReportUnreadable {
  const told = new Set<string>();
  return (item) => {
    const key = `${item.pk} ${item.sk}`;
    if (told.has(key) || told.size >= most) return;
    told.add(key);
    tell(item);
  };
}

export function skippedItem({ pk, sk, why }: UnreadableItem): string {
  return `The item ${pk.slice(0, 200)} ${sk.slice(0, 200)} of the history cannot be read, and is skipped: ${why.slice(0, 200)}.`;
}

/** What could be read of the items, in their order. */
export function readable<Source extends Pick<Item, 'pk' | 'sk'>, Value>(
  items: readonly Source[],
  read: (item: Source) => Value,
  tell: ReportUnreadable,
): readonly Value[] {
  return items.flatMap((item) => {
    const value = readOrNull(item, read, tell);
    return value === null ? [] : [value];
  });
}

export function readOrNull<Source extends Pick<Item, 'pk' | 'sk'>, Value>(
  item: Source,
  read: (item: Source) => Value,
  tell: ReportUnreadable,
): Value | null {
  try {
    return read(item);
  } catch (error) {
    const { pk, sk } = item;
    tell({ pk, sk, why: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

/** @throws where a part of an item has an unknown format */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`${what} has an unknown format`);
}

/**
 * The condition under which an item that cannot be read is replaced: its version is still what it was. One that is a list or
 * a map, which not every store compares, is replaced without one.
 */
export function unchangedSince({ version }: Item): Condition | undefined {
  return typeof version === 'object' && version !== null ? undefined : { version };
}
