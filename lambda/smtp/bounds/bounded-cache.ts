/** A cache of computed values. A probe sees the same servers in each round. */

/** Entries of one cache. A full cache is cleared. */
const MAX_ENTRIES = 1_000;

/** The cached value of `key`, which is computed if it is missing. */
export function fromCache<Value>(cache: Map<string, Value>, key: string, compute: () => Value): Value {
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= MAX_ENTRIES) cache.clear();
  const value = compute();
  cache.set(key, value);
  return value;
}
