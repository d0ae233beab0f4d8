/**
 * The shards of the target of this page. Those that were read are kept in the document as data, so that a page that a reader
 * saved has them, too.
 */
import { type HistoryShard, type RoundShard, SHARD_VERSION } from '../../../lambda/reports/history-shards/shard.ts';
import { type ShardKey, spanOfShard } from '../../../lambda/reports/history-shards/shard-keys.ts';
import { withTimeLimit } from '../../../lambda/wire/time-limit.ts';
import { lastDayBefore, SHARD_LIST, shardPath } from '../../history/shard-paths.ts';

export interface ShardStore {
  /** The last rounds, which the page has itself; null if it has none. */
  recent(): RoundShard | null;
  /** Null if there is none. `missing` is called if it could not be read. */
  read(key: ShardKey, missing: () => void): Promise<HistoryShard | null>;
  /** The last day with rounds before that of a shard; null if there is none, or if the page does not say which there are. */
  before(key: ShardKey): ShardKey | null;
  /** The page was updated: shards that are not over may have changed. */
  forget(): void;
}

/** Milliseconds. A shard has up to a few hundred kilobytes. */
const LONGEST_FETCH = 30_000;
const RECENT = 'recent';
const ATTRIBUTE = 'data-shard';

/** @param folder from this page @param now epoch milliseconds */
export function openShardStore(folder: string, now: () => number): ShardStore {
  const known = new Map<string, Promise<HistoryShard | null>>();
  const open = new Set<string>();
  let listed = listedShards();
  return {
    recent: () => {
      const shard = parseShard(document.getElementById(RECENT)?.textContent ?? '');
      return shard?.grain === 'round' ? shard : null;
    },
    read: (key, missing) => {
      const path = shardPath(key);
      if (listed?.has(path) === false) return Promise.resolve(null);
      const before = known.get(path);
      if (before !== undefined) return before;
      if (now() < spanOfShard(key).to + 3_600_000) open.add(path);
      const reading = readShardFile(folder, path).catch(() => {
        known.delete(path);
        missing();
        return null;
      });
      // It may be read out of the history later.
      void reading.then((shard) => shard === null && open.add(path));
      known.set(path, reading);
      return reading;
    },
    before: ({ first: day }) => {
      const first = lastDayBefore(day, listed ?? []);
      return first === null ? null : { grain: 'round', first };
    },
    forget: () => {
      for (const path of open) known.delete(path);
      open.clear();
      listed = listedShards();
    },
  };
}

/** Those that there are; null on a page of an older release, which does not say. */
function listedShards(): ReadonlySet<string> | null {
  const text = document.getElementById(SHARD_LIST)?.textContent;
  return text == null ? null : new Set(JSON.parse(text));
}

async function readShardFile(folder: string, path: string): Promise<HistoryShard | null> {
  if (location.protocol === 'file:') {
    const saved = document.querySelector(`script[${ATTRIBUTE}="${path}"]`)?.textContent;
    if (saved == null) throw new Error('a saved page cannot read more');
    return parseShard(saved);
  }
  const text = await withTimeLimit(LONGEST_FETCH, undefined, (signal) => fetchShard(`${folder}${path}`, signal));
  if (text === null) return null;
  keepShard(path, text);
  return parseShard(text);
}

/** Null if there is none. */
async function fetchShard(url: string, signal: AbortSignal): Promise<string | null> {
  const answer = await fetch(url, { cache: 'no-cache', signal });
  if (answer.status === 404 || answer.status === 403) return null;
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return await answer.text();
}

function keepShard(path: string, text: string): void {
  const known = document.querySelector(`script[${ATTRIBUTE}="${path}"]`);
  const script = known ?? document.createElement('script');
  script.setAttribute('type', 'application/json');
  script.setAttribute(ATTRIBUTE, path);
  // As it is saved, it must not end the element.
  script.textContent = text.replace(/</g, '\\u003c');
  if (known === null) document.body.append(script);
}

/** Null if it is not one that this page reads. */
function parseShard(text: string): HistoryShard | null {
  try {
    const shard: unknown = JSON.parse(text);
    const isKnown =
      typeof shard === 'object' && shard !== null && 'version' in shard && shard.version === SHARD_VERSION;
    return isKnown ? (shard as HistoryShard) : null;
  } catch {
    return null;
  }
}
