/**
 * Deletes items whose time has passed, as DynamoDB does on AWS: a bounded amount each time, partition after partition.
 * The keys of a partition contain their time, so all items after one that is kept are kept, too.
 */

import type { Files } from './disk-with-memory-fallback.ts';
import type { Change, LevelRange } from './leveldb-disk.ts';

/** Looks at some more items from where it stopped the last time; how many it deleted. */
export type Sweep = (now: number) => Promise<number>;

/** Places looked at, items deleted, and about how many bytes are read of them, in one sweep. A round of 300 targets has 30 KB. */
const looksAtOnce = 64;
const itemsAtOnce = 1000;
const bytesAtOnce = 4 * 1024 * 1024;

/** Of an item as dynalite stores it. */
interface Stored {
  readonly sk?: { readonly S?: string };
  readonly ttl?: { readonly N?: string };
}

export function sweepOver(files: Files, table: string): Sweep {
  const begin = `item-${table}~`;
  const end = `item-${table}~\uffff`;
  let from = begin;

  return async (now) => {
    let deleted = 0;
    let left = bytesAtOnce;
    for (let looks = 0; looks < looksAtOnce && deleted < itemsAtOnce && left > 0; looks += 1) {
      const { expired, next, bytes } = await look(
        files,
        { gte: from, lt: end, limit: itemsAtOnce - deleted },
        left,
        now,
      );
      if (expired.length > 0) await files.write(expired);
      deleted += expired.length;
      left -= bytes;
      from = next ?? begin;
      // The end of the table: the next sweep begins anew.
      if (next === null) break;
    }
    return deleted;
  };
}

interface Look {
  readonly expired: readonly Change[];
  /** Where to look next; null at the end. */
  readonly next: string | null;
  /** Read of what has expired. */
  readonly bytes: number;
}

/** What has expired from here on, up to about `most` bytes. One item first: most often it is kept. */
async function look(files: Files, range: LevelRange, most: number, now: number): Promise<Look> {
  const expired: Change[] = [];
  let bytes = 0;
  for (const limit of [1, range.limit ?? 1]) {
    let found = 0;
    for await (const [key, value, size] of files.entries({ ...range, limit })) {
      found += 1;
      const next = behind(key, value as Stored, now);
      if (next !== null) return { expired, next, bytes };
      if (limit === 1 && range.limit !== 1) continue;
      expired.push({ key, gone: true });
      bytes += size;
      if (bytes >= most) return { expired, next: key, bytes };
    }
    if (found === 0) return { expired, next: null, bytes };
  }
  return { expired, next: expired.at(-1)?.key ?? null, bytes };
}

/** Where to look next, behind an item that is kept; null where this one has expired. */
function behind(key: string, { sk, ttl }: Stored, now: number): string | null {
  if (ttl?.N !== undefined && Number(ttl.N) * 1000 <= now) return null;
  const [table = '', partition = ''] = key.split('/');
  const kind = sk?.S?.split('#')[0];
  // Days are kept for good, and stand before the hours.
  if (kind === 'day') return `${table}/${partition}/${Buffer.from('hour#').toString('hex')}`;
  // How far the rollup has come stands before the targets of its days, which expire.
  if (kind === 'hours') return `${key}\0`;
  return `${table}/${partition}/~`;
}
