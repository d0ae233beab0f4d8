/** The shards of the history as files of the page. Which there are follows from the last hour that was rolled up. */

import { shardPath } from '../../web/history/shard-paths.ts';
import { shardFolder } from '../../web/pages/paths.ts';
import type { SiteFile } from '../../web/site.ts';
import { siteFile } from '../../web/site-file.ts';
import { startOfHour } from '../history/rollup/hour-and-day-names.ts';
import { readRollupProgress } from '../history/rollup/progress.ts';
import type { Grain } from '../reports/history-shards/shard.ts';
import { SHARD_REACH, type ShardKey, shardKeysBetween, spanOfShard } from '../reports/history-shards/shard-keys.ts';
import { openShardReader } from '../reports/history-shards/shard-reader.ts';
import type { ShownTarget } from '../reports/history-shards/shown-targets.ts';
import type { ReportSource } from '../reports/source/report-source.ts';
import type { Manifest } from './manifest.ts';
import type { PlannedFile } from './plan.ts';

const [HOUR, DAY] = [3_600_000, 86_400_000];

/** Shards that one publication writes: verdicts that change meanwhile have to wait for its end. */
const MOST_SHARDS = 400;

interface PlannedShard {
  readonly target: ShownTarget;
  readonly key: ShardKey;
  /** Epoch milliseconds. */
  readonly until: number;
  /** Changes when the shard has to be written again: until when it has the history, and with how much of it. */
  readonly label: string;
}

export interface PublishedFiles {
  readonly files: ReadonlyMap<string, PlannedFile>;
  /** Null if the history has nothing of its time. */
  read(path: string): Promise<SiteFile | null>;
}

/** @param isDue whether some are to be written, the newest first; those that are left stay if they were written under the same rules */
export async function historyFiles(
  source: ReportSource,
  targets: readonly ShownTarget[],
  former: Manifest['files'],
  isDue: boolean,
  now: number,
): Promise<PublishedFiles> {
  const { through } = await readRollupProgress(source.table);
  const shards = through === null ? new Map<string, PlannedShard>() : shardsOf(targets, through);
  const changed = [...shards].filter(([path, { label }]) => former.get(path)?.news !== label);
  const due = new Set((isDue ? newestFirst(changed) : []).slice(0, MOST_SHARDS).map(([path]) => path));
  const files = [...shards].flatMap(([path, { label }]) => {
    const news = due.has(path) ? label : (former.get(path)?.news ?? '');
    return rulesIn(news) === rulesIn(label) ? [[path, { news, whole: null }] as const] : [];
  });
  const readShard = openShardReader(source, now);
  return {
    files: new Map(files),
    read: async (path) => {
      const planned = shards.get(path);
      const shard = planned === undefined ? null : await readShard(planned.target, planned.key);
      return shard === null ? null : siteFile('json', `${JSON.stringify(shard)}\n`);
    },
  };
}

/** By path. */
export function shardsOf(targets: readonly ShownTarget[], through: string): ReadonlyMap<string, PlannedShard> {
  const end = Date.parse(startOfHour(through)) + HOUR;
  const keys = (['round', 'hour', 'day'] as const).flatMap((grain) => keysOf(grain, end));
  return new Map(
    targets.flatMap((target) =>
      keys.map(({ key, until }) => {
        const label = `${target.detail}${target.hidesReasons ? '-' : ''}:${new Date(until).toISOString().slice(0, 13)}`;
        return [`${shardFolder(target.id)}${shardPath(key)}`, { target, key, until, label }] as const;
      }),
    ),
  );
}

/** What of a target is in a shard with this label. */
function rulesIn(label: string): string {
  return label.replace(/:.*$/s, '');
}

export function isShard(path: string): boolean {
  return path.startsWith('data/');
}

/** A day of rounds is written each hour, and once more when rounds of its end may have come late; others when a day is over. */
function keysOf(grain: Grain, end: number): readonly { readonly key: ShardKey; readonly until: number }[] {
  return shardKeysBetween(grain, { from: end - SHARD_REACH[grain] * DAY, to: end }).flatMap((key) => {
    const { from, to } = spanOfShard(key);
    const until = grain === 'round' ? Math.min(end, to + HOUR) : Math.min(end - (end % DAY), to);
    return until > from ? [{ key, until }] : [];
  });
}

function newestFirst<One extends readonly [string, PlannedShard]>(shards: readonly One[]): readonly One[] {
  return shards.toSorted(([, a], [, b]) => b.until - a.until);
}
