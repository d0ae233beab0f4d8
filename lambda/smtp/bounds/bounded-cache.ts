/** What was worked out before, for a probe sees the same servers round after round. */

/** Entries of one memory; a memory that is full is begun anew. */
const MAX_ENTRIES = 1_000;

export function fromCache<Value>(cache: Map<string, Value>, key: string, compute: () => Value): Value {
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= MAX_ENTRIES) cache.clear();
  const value = compute();
  cache.set(key, value);
  return value;
}
