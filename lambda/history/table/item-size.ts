/**
 * The size of an item as DynamoDB counts it, to split items before the limit and to compute their price.
 * Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats".
 */

/** DynamoDB refuses larger items. */
export const itemLimit = 400 * 1024;
/** Items are split below the limit, because DynamoDB documents the size of numbers only approximately. */
export const splitThreshold = 350 * 1024;

/** Bytes of an item: the names of its attributes and their values. */
export function itemSize(item: Readonly<Record<string, unknown>>): number {
  return entriesSize(Object.entries(item), 0);
}

export function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberSize(value);
  if (value === null || typeof value === 'boolean') return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + 1 + valueSize(entry), 3);
  if (typeof value === 'object') return 3 + entriesSize(Object.entries(value), 1);
  return 0;
}

function entriesSize(entries: readonly (readonly [string, unknown])[], overhead: number): number {
  return entries.reduce((sum, [name, value]) => sum + overhead + Buffer.byteLength(name) + valueSize(value), 0);
}

/** One byte for two significant digits, one for the exponent, one for a minus sign. */
function numberSize(value: number): number {
  const digits = String(Math.abs(value))
    .replace(/e.*$/, '')
    .replace('.', '')
    .replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (value < 0 ? 1 : 0);
}

/** Write units of a put: one for each started kilobyte. */
export function writeUnits(item: Readonly<Record<string, unknown>>): number {
  return Math.max(1, Math.ceil(itemSize(item) / 1024));
}
