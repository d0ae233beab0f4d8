/** Where shards are, from the folder of their target, and which there are. */
import type { ShardKey } from '../../lambda/reports/history-shards/shard-keys.ts';

/** The id of the element of a page that has the list of its shards, as JSON. */
export const SHARD_LIST = 'shards';

/** `round/2026-11-26.json`. */
export function shardPath({ grain, first }: ShardKey): string {
  return `${grain}/${first}.json`;
}

/** The shards of each folder, `data/mx1/`, in the order of their names. */
export function shardsByFolder(paths: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (const path of [...paths].sort()) {
    const [, folder, shard] = /^(data\/[^/]+\/)(.+)$/.exec(path) ?? [];
    if (folder === undefined || shard === undefined) continue;
    const known = all.get(folder);
    if (known === undefined) all.set(folder, [shard]);
    else known.push(shard);
  }
  return all;
}

/** The last day before another that has rounds: nobody may have looked for days. Null if there is none. Days are as `2026-11-26`. */
export function lastDayBefore(day: string, shards: Iterable<string>): string | null {
  const days = [...shards].flatMap((path) => /^round\/(.+)\.json$/.exec(path)?.[1] ?? []);
  return (
    days
      .filter((one) => one < day)
      .sort()
      .at(-1) ?? null
  );
}
