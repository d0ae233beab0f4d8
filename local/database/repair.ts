/** Opening files that may be damaged: LevelDB repairs what it can, the rest is set aside, and a new history begins. */
import { mkdir, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FileFailure, fileFailureOf } from './failure.ts';
import { type Disk, dataFilesIn, lacksCurrent, openDisk, repairDisk, setAside } from './leveldb-disk.ts';

/** What happened to the files, for whoever opened the database. */
export interface Notice {
  /** A sentence or more. */
  readonly words: string;
  /** Set if people must be alerted: the history is worse, or well again. */
  readonly change?: 'degraded' | 'recovered';
}

export type Say = (notice: Notice) => void;

/**
 * Opens the files, after a repair where they need one.
 * @throws what LevelDB says, where a repair is no answer to it
 */
export async function openRepaired(path: string, say: Say, now: () => number = Date.now): Promise<Disk> {
  if (await lacksCurrent(path)) return repaired(path, 'its CURRENT file is missing', say, now);
  try {
    return await openDisk(path);
  } catch (error) {
    const failure = fileFailureOf(error);
    if (failure.kind !== 'damaged') throw error;
    return repaired(path, failure.words, say, now);
  }
}

/** Repairs files that are not open; where that does not help they are set aside. */
export async function repaired(path: string, cause: string, say: Say, now: () => number): Promise<Disk> {
  return whileNobodyElse(path, now, async () => {
    const found = await dataFilesIn(path);
    try {
      await repairDisk(path);
      const disk = await openDisk(path);
      say({
        words: `The history in ${path} was damaged: ${cause}. It was repaired from ${found} files; what was in damaged or missing files is lost.`,
        change: 'degraded',
      });
      return disk;
    } catch (error) {
      const failure = fileFailureOf(error);
      if (!isBeyondRepair(failure)) throw error;
      const aside = await setAside(path, now());
      say({
        words: `The history in ${path} was damaged: ${cause}. It cannot be repaired (${failure.words}) and was moved to ${aside}. A new history begins.`,
        change: 'degraded',
      });
      return await openDisk(path);
    }
  });
}

function isBeyondRepair({ kind }: FileFailure): boolean {
  return kind === 'damaged' || kind === 'other';
}

const refreshMs = 5_000;

/** LevelDB repairs without its lock. A folder that was not touched for a minute belongs to a process that has died. */
async function whileNobodyElse<Result>(path: string, now: () => number, work: () => Promise<Result>): Promise<Result> {
  const marker = `${path}.repair`;
  await mkdir(dirname(path), { recursive: true });
  const abandoned = await stat(marker).then(
    ({ mtimeMs }) => now() - mtimeMs > 12 * refreshMs,
    () => false,
  );
  if (abandoned) await rm(marker, { recursive: true, force: true });
  await mkdir(marker).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? Object.assign(new Error('it is being repaired'), { code: 'LEVEL_LOCKED' }) : error;
  });
  const refresh = setInterval(() => void utimes(marker, new Date(), new Date()).catch(() => {}), refreshMs);
  try {
    return await work();
  } finally {
    clearInterval(refresh);
    await rm(marker, { recursive: true, force: true });
  }
}
