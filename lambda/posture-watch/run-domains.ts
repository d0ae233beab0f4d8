/** Domains at the same time. The questions of all of them to one server are bounded apart from that. */
const AT_ONCE = 4;

/**
 * Works on the items in their order, a few at a time, as long as `mayStart`. The first is always started, so that each run
 * comes further. Returns how many were started; each of these has ended.
 * @param work must not reject
 */
export async function runInOrder<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  mayStart: () => boolean,
): Promise<number> {
  let started = 0;
  const worker = async () => {
    while (started === 0 || mayStart()) {
      const item = items[started];
      if (item === undefined) return;
      started += 1;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return started;
}
