/** What was worked out before, for a probe sees the same servers round after round. */

/** Entries of one memory; a memory that is full is begun anew. */
const KEPT = 1_000;

export function fromCache<Value>(memory: Map<string, Value>, key: string, workOut: () => Value): Value {
  const known = memory.get(key);
  if (known !== undefined) return known;
  if (memory.size >= KEPT) memory.clear();
  const found = workOut();
  memory.set(key, found);
  return found;
}
