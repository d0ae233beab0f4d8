/** Reads shards of several targets at one moment. */
import type { ReportUnreadable } from '../../history/table/unreadable.ts';
import { readPlannedTimes } from '../planned/planned-times.ts';
import type { ReportSource } from '../source/report-source.ts';
import { readShard } from './read-shards.ts';
import type { HistoryShard } from './shard.ts';
import { SHARD_REACH, type ShardKey } from './shard-keys.ts';
import type { ShownTarget } from './shown-targets.ts';

/** Null if the history has nothing of that time. */
export type ShardReader = (target: ShownTarget, key: ShardKey) => Promise<HistoryShard | null>;

const DAY = 86_400_000;

/**
 * Planned times are read once, the incidents of a target once.
 * @param now epoch milliseconds @param tell of items that cannot be read
 */
export function openShardReader(source: ReportSource, now: number, tell: ReportUnreadable = () => {}): ShardReader {
  let planned: ReturnType<typeof readPlannedTimes> | undefined;
  const incidents = new Map<string, ReturnType<ReportSource['history']['incidents']>>();
  return async (target, key) => {
    planned ??= readPlannedTimes(source, { from: now - SHARD_REACH.day * DAY, to: now });
    const own = incidents.get(target.id) ?? source.history.incidents(target.id);
    incidents.set(target.id, own);
    return await readShard(source, { ...target, incidents: await own, planned: await planned }, key, tell);
  };
}
