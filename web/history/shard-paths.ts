/** Where a shard is, from the folder of its target. */
import type { ShardKey } from '../../lambda/reports/history-shards/shard-keys.ts';

/** `round/2026-11-26.json`. */
export function shardPath({ grain, first }: ShardKey): string {
  return `${grain}/${first}.json`;
}
