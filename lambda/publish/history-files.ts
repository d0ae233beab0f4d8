/** The shards of the history as files of the page. Which there are follows from the last hour that was rolled up. */

import { shardPath } from '../../web/history/shard-paths.ts';
import { shardFolder } from '../../web/pages/paths.ts';
import type { SiteFile } from '../../web/site.ts';
import { siteFile } from '../../web/site-file.ts';
import { startOfHour } from '../history/rollup/hour-and-day-names.ts';
import { readRollupProgress } from '../history/rollup/progress.ts';
import { inParallel } from '../history/table/parallel.ts';
import type { ReportUnreadable } from '../history/table/unreadable.ts';
import type { Grain } from '../reports/history-shards/shard.ts';
import { SHARD_REACH, type ShardKey, shardKeysBetween, spanOfShard } from '../reports/history-shards/shard-keys.ts';
import { openShardReader } from '../reports/history-shards/shard-reader.ts';
import type { ShownTarget } from '../reports/history-shards/shown-targets.ts';
import type { ReportSource } from '../reports/source/report-source.ts';
import type { Manifest } from './manifest.ts';
import type { PlannedFile } from './plan.ts';

/** The `whole` of a shard in the manifest: an older release wrote neither, and may have written none. */
const [THERE, NOTHING] = ['there', 'nothing'];

/** Shards read at once. */
const PARALLEL = 16;

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

interface ShownHistory {
  readonly targets: readonly ShownTarget[];
  readonly former: Manifest['files'];
  /** Whether some shards are to be written, the newest first; those that are left stay if they were written under the same rules. */
  readonly isDue: boolean;
}

/** @param now epoch milliseconds */
export async function historyFiles(
  source: ReportSource,
  { targets, former, isDue }: ShownHistory,
  now: number,
  tell: ReportUnreadable = () => {},
): Promise<PublishedFiles> {
  const { through } = await readRollupProgress(source.table);
  const shards = through === null ? new Map<string, PlannedShard>() : shardsOf(targets, through);
  const readShard = openShardReader(source, now, tell);
  const read = async (path: string) => {
    const planned = shards.get(path);
    const shard = planned === undefined ? null : await readShard(planned.target, planned.key);
    return shard === null ? null : siteFile('json', `${JSON.stringify(shard)}\n`);
  };
  const due = new Set(isDue ? dueShards(shards, former) : []);
  // A page names the shards that there are, so that a browser asks for no other: those of which that is not known are read before.
  const unknown = [...due].filter((path) => former.get(path)?.whole !== THERE);
  const found = new Map(await inParallel(unknown, PARALLEL, async (path) => [path, await read(path)] as const));
  const files = [...shards].flatMap(([path, { label }]) => {
    const { news = '', whole = '' } = due.has(path)
      ? { news: label, whole: found.get(path) === null ? NOTHING : THERE }
      : (former.get(path) ?? {});
    return rulesIn(news) === rulesIn(label) ? [[path, { news, whole }] as const] : [];
  });
  return { files: new Map(files), read: async (path) => (found.has(path) ? (found.get(path) ?? null) : read(path)) };
}

/** Those whose label is another one, and those of an older release, the newest first. */
function dueShards(shards: ReadonlyMap<string, PlannedShard>, former: Manifest['files']): readonly string[] {
  const changed = [...shards].filter(([path, { label }]) => {
    const known = former.get(path);
    return known?.news !== label || known.whole === '';
  });
  return newestFirst(changed)
    .slice(0, MOST_SHARDS)
    .map(([path]) => path);
}

/** Paths of the shards of which the history has something. */
export function presentShards(files: PublishedFiles['files']): readonly string[] {
  return [...files].flatMap(([path, { whole }]) => (whole === NOTHING ? [] : [path]));
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
