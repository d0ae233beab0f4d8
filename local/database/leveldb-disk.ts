/** The files of the database: one LevelDB, keys as text, values as JSON, as dynalite has always written them. */
import { chmod, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';

export type Change = { readonly key: string; readonly value: unknown } | { readonly key: string; readonly gone: true };

/** Bounds are keys; `reverse` and `limit` (-1 for no limit) as LevelDB has them. */
export interface LevelRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** @see Disk.entries */
export type Entry = readonly [key: string, value: unknown, bytes: number];

export interface Disk {
  get(key: string): Promise<unknown>;
  entries(range: LevelRange): AsyncIterable<Entry>;
  /** All of them or none. @param durable whether to wait until they are on the disk itself */
  write(changes: readonly Change[], durable?: boolean): Promise<void>;
  /** Begins a new log file: what follows does not depend on one that could not be written whole. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

type Level = ClassicLevel<string, string>;

/** @throws the error of LevelDB; `fileFailureOf` puts it in words */
export async function openDisk(path: string): Promise<Disk> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  // Files of a version before had the modes that the umask gave.
  await chmod(path, 0o700).catch(() => {});
  const level: Level = new ClassicLevel(path);
  await level.open();
  return {
    async get(key) {
      const text = await level.get(key);
      return text === undefined ? undefined : parsed(text);
    },
    async *entries(range) {
      for await (const [key, text] of level.iterator(range)) {
        const value = parsed(text);
        if (value !== undefined) yield [key, value, text.length];
      }
    },
    write: (changes, durable = false) => level.batch(changes.map(operationOf), { sync: durable }),
    // After every key there is: it moves no data, but LevelDB begins a new log first.
    rotate: () => level.compactRange('\uffff', '\uffff\uffff'),
    close: () => level.close(),
  };
}

function operationOf(change: Change) {
  return 'gone' in change
    ? ({ type: 'del', key: change.key } as const)
    : ({ type: 'put', key: change.key, value: JSON.stringify(change.value) } as const);
}

/** A block that was damaged without LevelDB's notice: the value is as good as gone. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const dataFile = /^(\d+\.(ldb|sst|log)|MANIFEST-\d+)$/;

/** Without CURRENT LevelDB takes the folder for a new one, and deletes what was in it. */
export async function lacksCurrent(path: string): Promise<boolean> {
  const files = await readdir(path).catch(() => [] as string[]);
  return files.some((file) => dataFile.test(file)) && !files.includes('CURRENT');
}

/** How many files of data there are. */
export async function dataFilesIn(path: string): Promise<number> {
  return (await readdir(path).catch(() => [] as string[])).filter((file) => dataFile.test(file)).length;
}

/** @throws where LevelDB cannot */
export async function repairDisk(path: string): Promise<void> {
  await ClassicLevel.repair(path);
}

/** Deletes the files of a database. @throws where a process has them open */
export async function destroyDisk(path: string): Promise<void> {
  await ClassicLevel.destroy(path);
}

/** The folder's new name. */
export async function setAside(path: string, now: number): Promise<string> {
  const aside = `${path}.damaged-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
  await rename(path, aside);
  return aside;
}

/** Whether so many bytes can be written beside the files now, tried out: a quota shows nowhere else. */
export async function hasRoom(path: string, bytes: number): Promise<boolean> {
  const file = join(path, 'room.tmp');
  try {
    // There was no room for the folder itself where it is missing.
    await mkdir(path, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(path);
    if (bavail * bsize < bytes) return false;
    const handle = await open(file, 'w', 0o600);
    try {
      const block = Buffer.alloc(64 * 1024);
      for (let written = 0; written < bytes; written += block.length) await handle.write(block);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return true;
  } catch {
    return false;
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

/** Bytes of the log: they are written once more as a table when it ends. */
export async function logSizeOf(path: string): Promise<number> {
  const files = await readdir(path).catch(() => [] as string[]);
  const logs = files.filter((file) => file.endsWith('.log'));
  const sizes = await Promise.all(
    logs.map((file) =>
      stat(join(path, file)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
