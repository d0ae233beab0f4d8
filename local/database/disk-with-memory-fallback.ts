/**
 * The key-value store under the embedded DynamoDB: files, and memory while they cannot be written. A disk that is full or
 * fails does not stop the monitor: new values are held in memory, and written to the files when that is possible again.
 */

import { fileFailureOf } from './failure.ts';
import {
  type Change,
  type Disk,
  dataFilesIn,
  type Entry,
  hasRoom,
  type LevelRange,
  logSizeOf,
} from './leveldb-disk.ts';
import { openReadingCopy } from './open-copy-while-disk-is-full.ts';
import { openRepaired, repaired, type Say } from './repair.ts';
import { merged, openWriteBuffer } from './unwritten-changes.ts';

export interface Files {
  get(key: string): Promise<unknown>;
  entries(range: LevelRange): AsyncIterable<Entry>;
  write(changes: readonly Change[]): Promise<void>;
  /** Whether the files cannot be written now, and what is new is held in memory. */
  isHolding(): boolean;
  close(): Promise<void>;
}

export interface FilesOptions {
  readonly say: Say;
  /** Whether to go on in memory where the files cannot be written, or not even be opened for want of room. */
  readonly endures: boolean;
  readonly now?: () => number;
  /** Milliseconds between tries to write what is held in memory. */
  readonly retry?: number;
  /** Bytes that are held in memory at most. */
  readonly capacity?: number;
  /** Folders for a copy to read from while the files cannot be opened: in memory, or on other disks. */
  readonly copyFolders?: readonly string[];
}

/** Beside what is held: LevelDB writes a new log, and a table and a manifest when it opens. */
const spareRoom = 512 * 1024;
/** Bytes of one write, and of one read. */
const pageBytes = 1024 * 1024;
/** Entries read at once: files are held as they were for no longer than that takes. */
const pageLength = 1000;

/** @throws what LevelDB says, where the files cannot be opened and `endures` does not help */
export async function openFiles(path: string, options: FilesOptions): Promise<Files> {
  const { say, endures, now = Date.now, retry = 5_000 } = options;
  const memory = openWriteBuffer(isRound, options.capacity);
  let disk: Disk | null = null;
  /** What is read while the files cannot be opened. */
  let substitute: Disk | null = null;
  /** While files are opened, repaired or filled, everything else waits. */
  let busy: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  try {
    disk = await openRepaired(path, say, now);
  } catch (error) {
    const { kind, words } = fileFailureOf(error);
    if (!endures || kind !== 'full') throw error;
    await readSubstitute();
    const isUnread = substitute === empty && (await dataFilesIn(path)) > 0;
    holdOn(isUnread ? `${words}, and what was in it before cannot be read` : words);
  }

  async function readSubstitute(): Promise<void> {
    substitute = (await openReadingCopy(path, options.copyFolders)) ?? empty;
    disk = substitute;
  }

  function holdOn(cause: string): void {
    if (timer !== undefined) return;
    const words = `The history in ${path} cannot be written: ${cause}. Watching goes on, and what is new is held in memory.`;
    say({ words, change: 'degraded' });
    timer = setInterval(() => void alone(writeBack), retry);
    timer.unref();
  }

  function alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = busy.then(work);
    busy = result.catch(() => {});
    return result;
  }

  async function writeBack(): Promise<void> {
    if (closed || timer === undefined) return;
    if (!(await hasRoom(path, memory.bytes + (await logSizeOf(path)) + spareRoom))) return;
    const size = memory.size;
    if (!(await isDrained(false)) && !(await isDrained(true))) return;
    clearInterval(timer);
    timer = undefined;
    const dropped = memory.takeDropped();
    const lost = dropped === 0 ? '' : ` ${dropped} rounds did not fit in memory and are lost.`;
    const words = `The history in ${path} is written again, with ${size} items that were held in memory.${lost}`;
    say({ words, change: 'recovered' });
  }

  /** After a write of its own has failed, LevelDB may take no more until it is opened again. */
  async function isDrained(reopen: boolean): Promise<boolean> {
    try {
      if (reopen || disk === null || disk === substitute) await openAgain();
      else await disk.rotate();
      for (const batch of batchesOf(memory.changes())) {
        await disk?.write(batch, true);
        memory.release(batch);
      }
      return memory.size === 0;
    } catch {
      return false;
    }
  }

  /** What can be read stays so until the files are open again. */
  async function openAgain(): Promise<void> {
    if (disk !== null && disk !== substitute) {
      await disk.close().catch(() => {});
      disk = null;
    }
    try {
      disk = await openRepaired(path, say, now);
    } catch (error) {
      if (disk === null) await readSubstitute();
      throw error;
    }
    const before = substitute;
    substitute = null;
    await before?.close().catch(() => {});
  }

  /** A read that finds the files damaged is asked again after a repair, and one whose files were closed meanwhile, too. */
  async function read<Result>(ask: (from: Disk) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      await busy;
      const asked = disk;
      if (asked === null) throw new Error(`the history in ${path} cannot be read at the moment`);
      try {
        return await ask(asked);
      } catch (error) {
        const { kind, words } = fileFailureOf(error);
        if (closed || attempt === 3 || (kind !== 'damaged' && disk === asked) || asked === substitute) throw error;
        if (disk === asked) await alone(() => repair(asked, words));
      }
    }
  }

  async function repair(damaged: Disk, words: string): Promise<void> {
    if (disk !== damaged) return;
    disk = null;
    await damaged.close().catch(() => {});
    disk = await repaired(path, words, say, now);
  }

  async function page(range: LevelRange, most: number): Promise<readonly Entry[]> {
    return read(async (from) => {
      const found: Entry[] = [];
      let bytes = 0;
      for await (const entry of merged(from.entries(range), memory.within(range), range.reverse === true)) {
        found.push(entry);
        bytes += entry[2];
        if (found.length >= most || bytes >= pageBytes) break;
      }
      return found;
    });
  }

  return {
    async get(key) {
      const held = memory.get(key);
      if (held !== undefined) return 'gone' in held ? undefined : held.value;
      return read((from) => from.get(key));
    },

    async *entries({ limit = -1, ...range }) {
      let left = limit < 0 ? Number.POSITIVE_INFINITY : limit;
      let rest: LevelRange = range;
      while (left > 0) {
        const found = await page(rest, Math.min(left, pageLength));
        yield* found;
        left -= found.length;
        const last = found.at(-1);
        if (last === undefined) return;
        rest = following(rest, last[0]);
      }
    },

    async write(changes) {
      await busy;
      if (timer === undefined && disk !== null) {
        try {
          return await disk.write(changes);
        } catch (error) {
          if (!endures || closed) throw error;
          holdOn(fileFailureOf(error).words);
        }
      }
      if (!endures) throw new Error(`the history in ${path} cannot be written at the moment`);
      memory.add(changes);
    },

    isHolding: () => timer !== undefined,

    async close() {
      if (timer !== undefined) await alone(writeBack);
      if (memory.size > 0)
        say({ words: `${memory.size} items that were held in memory could not be written, and are lost.` });
      closed = true;
      clearInterval(timer);
      await alone(async () => disk?.close());
    },
  };
}

/** What is left of a range behind its last entry. */
function following({ gt, gte, lt, lte, ...range }: LevelRange, last: string): LevelRange {
  if (range.reverse === true) {
    return { ...range, ...(gt === undefined ? {} : { gt }), ...(gte === undefined ? {} : { gte }), lt: last };
  }
  return { ...range, gt: last, ...(lt === undefined ? {} : { lt }), ...(lte === undefined ? {} : { lte }) };
}

/** In the place of files that could not be opened yet. */
const empty: Disk = {
  get: async () => undefined,
  async *entries() {},
  write: async () => {
    throw new Error('not open');
  },
  rotate: async () => {},
  close: async () => {},
};

/** Of an item as dynalite stores it. */
function isRound(value: unknown): boolean {
  const { pk } = (value ?? {}) as { readonly pk?: { readonly S?: unknown } };
  return typeof pk?.S === 'string' && pk.S.startsWith('round#');
}

function* batchesOf(changes: readonly Change[]): Generator<readonly Change[]> {
  let batch: Change[] = [];
  let bytes = 0;
  for (const change of changes) {
    batch.push(change);
    bytes += 'gone' in change ? change.key.length : JSON.stringify(change.value).length;
    if (bytes < pageBytes) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}
