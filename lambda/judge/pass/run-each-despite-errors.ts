import { inParallel } from '../../history/table/parallel.ts';
import type { PassFailures } from './pass-failures.ts';

/** Concurrent writes: enough for an outage of all targets, few enough for one small function. */
const CONCURRENT_WRITES = 25;

/** Runs over all items. Returns the results of those that succeeded. */
export async function runEach<Item, Result>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  run: (item: Item) => Promise<Result | null>,
  failed: PassFailures,
): Promise<Result[]> {
  const results = await inParallel(items, CONCURRENT_WRITES, (item) => attempt(nameOf(item), run(item), failed));
  return results.filter((result) => result !== null);
}

/** An error of one target does not stop the others. It is logged, and the next pass tries again. */
export async function attempt<Result>(
  what: string,
  work: Promise<Result>,
  failed: PassFailures,
): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    failed.add(what, error);
    return null;
  }
}
