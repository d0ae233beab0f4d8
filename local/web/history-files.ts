/** The files of the history of one machine: shards are read when a rollup has changed them, some after each round. */

import { readRollupProgress } from '../../lambda/history/rollup/progress.ts';
import type { ReportUnreadable } from '../../lambda/history/table/unreadable.ts';
import {
  changedShards,
  SHARD_REACH,
  type ShardKey,
  spanOfShard,
} from '../../lambda/reports/history-shards/shard-keys.ts';
import { openShardReader } from '../../lambda/reports/history-shards/shard-reader.ts';
import type { ShownTarget } from '../../lambda/reports/history-shards/shown-targets.ts';
import type { ReportSource } from '../../lambda/reports/source/report-source.ts';
import { shardPath } from '../../web/history/shard-paths.ts';
import { shardFolder } from '../../web/pages/paths.ts';
import { type SiteFile, siteFile } from '../../web/site-file.ts';

export interface LocalShardFiles {
  /** Those that were read so far, by path. */
  readonly files: ReadonlyMap<string, SiteFile>;
  /** Reads what has changed, the newest first, for about the given time in milliseconds. The next call goes on. */
  refresh(source: ReportSource, targets: readonly ShownTarget[], now: number, time: number): Promise<void>;
}

interface Pending {
  readonly target: ShownTarget;
  readonly key: ShardKey;
}

interface Known {
  readonly shown: ShownTarget;
  /** The last hour whose shards were read or are pending. */
  readonly through: string;
}

const DAY = 86_400_000;
/** Characters of all files. Above that, earlier days have no rounds. */
const MOST_CHARACTERS = 64_000_000;

/** @param tell of items of the history that cannot be read */
export function openShardFiles(tell: ReportUnreadable = () => {}): LocalShardFiles {
  const files = new Map<string, SiteFile>();
  const known = new Map<string, Known>();
  let pending: readonly Pending[] = [];
  /** Those that could not be read. They are pending again after the next rollup: one that never can be must not hold up the page. */
  let failed: readonly Pending[] = [];
  let listed: readonly string[] = [];
  let characters = 0;

  const put = (path: string, body: string | null) => {
    characters += (body?.length ?? 0) - (files.get(path)?.body.length ?? 0);
    if (body === null) files.delete(path);
    else files.set(path, siteFile('json', body));
  };
  const remove = (folder: string) => {
    for (const path of files.keys()) if (path.startsWith(folder)) put(path, null);
  };
  const hasPlace = ({ grain, first }: ShardKey, now: number) =>
    grain !== 'round' || characters < MOST_CHARACTERS || Date.parse(first) > now - 2 * DAY;

  return {
    files,
    async refresh(source, targets, now, time) {
      const started = performance.now();
      for (const id of listed) if (!targets.some((one) => one.id === id)) remove(shardFolder(id));
      listed = targets.map(({ id }) => id);
      const { through } = await readRollupProgress(source.table);
      if (through === null) return;
      for (const [id, { shown }] of known) {
        if (targets.some((one) => one.id === id && one.detail === shown.detail)) continue;
        remove(shardFolder(id));
        known.delete(id);
      }
      const added = targets.flatMap((target) => {
        const before = known.get(target.id)?.through ?? null;
        known.set(target.id, { shown: target, through });
        return before === through ? [] : changedShards(before, through).map((key) => ({ target, key }));
      });
      pending = inOrder([...pending, ...(added.length > 0 ? failed : []), ...added], targets);
      if (added.length > 0) {
        failed = [];
        dropOld(files, put, now);
      }
      const readShard = openShardReader(source, now, tell);
      while (pending.length > 0 && performance.now() - started < time) {
        const [next, ...rest] = pending;
        pending = rest;
        if (next === undefined || !hasPlace(next.key, now)) continue;
        const shard = await readShard(next.target, next.key).catch((error) => {
          failed = [...failed, next];
          throw error;
        });
        if (shard !== null) put(`${shardFolder(next.target.id)}${shardPath(next.key)}`, `${JSON.stringify(shard)}\n`);
      }
    },
  };
}

/** Each once, those of the newest time first, without those of targets that are no longer shown. */
function inOrder(all: readonly Pending[], targets: readonly ShownTarget[]): readonly Pending[] {
  const shown = new Map(targets.map((target) => [target.id, target]));
  const byName = new Map(
    all.flatMap(({ target: { id }, key }) => {
      const target = shown.get(id);
      return target === undefined ? [] : [[`${id} ${shardPath(key)}`, { target, key }] as const];
    }),
  );
  return [...byName.values()].sort((a, b) => spanOfShard(b.key).to - spanOfShard(a.key).to);
}

/** Of rounds and hours: what reaches back further than shards do. */
function dropOld(files: ReadonlyMap<string, SiteFile>, put: (path: string, body: null) => void, now: number): void {
  for (const path of files.keys()) {
    const [, grain, first = ''] = /\/(round|hour|day)\/(\d{4}-\d\d-\d\d)\.json$/.exec(path) ?? [];
    if (grain !== 'round' && grain !== 'hour' && grain !== 'day') continue;
    if (spanOfShard({ grain, first }).to < now - SHARD_REACH[grain] * DAY) put(path, null);
  }
}
