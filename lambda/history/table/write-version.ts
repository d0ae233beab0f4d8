/** Conditional writes of items with a version that grows by one with each write. */
import type { Item, Table } from './table.ts';
import { readOrNull, unchangedSince } from './unreadable.ts';

/**
 * Writes only if the stored version is still `expected` (0: there is none). False when somebody else was first. The first
 * answer to a write may have been lost, and its repetition refused: `written` shows then that it is the own one. An item that
 * cannot be read was left out when it was asked for: the new one takes its place.
 * @param read throws where the stored item cannot be read
 */
export async function writeVersion(
  table: Table,
  item: Item,
  expected: number,
  read: (stored: Item) => unknown,
): Promise<boolean> {
  if (await table.put(item, expected === 0 ? { absent: true } : { version: expected })) return true;
  const stored = await table.get(item.pk, item.sk);
  if (stored === null) return false;
  if (item.written !== undefined && stored.written === item.written) return true;
  if (expected !== 0 || readOrNull(stored, read, () => {}) !== null) return false;
  return table.put(item, unchangedSince(stored));
}
