/**
 * A copy of the files to read from while the disk is full. LevelDB cannot open files without writing beside them, so it opens
 * links to them in a folder that is in memory, or on another disk. The files themselves stay as they are.
 */
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { type Disk, dataFilesIn, destroyDisk, hasRoom, openDisk } from './leveldb-disk.ts';
import { isPrivateFolder } from './socket.ts';

/** Tables never change once they are written. */
const table = /^\d+\.(ldb|sst)$/;
/** What LevelDB reads beside them: the log and the manifest are written anew when it opens. */
const state = /^(CURRENT|MANIFEST-\d+|\d+\.log)$/;
/** Beside the state: its log as a table, a new manifest and a new log. */
const spareRoom = 512 * 1024;
const prefix = 'reading-';

/** Null where there is nothing to read, or no room for the copy either. Nothing can be written to it. */
export async function openReadingCopy(path: string, folders: readonly string[] = copyFolders()): Promise<Disk | null> {
  if ((await dataFilesIn(path)) === 0) return null;
  for (const folder of folders) {
    const disk = await openCopyIn(folder, path).catch(() => null);
    if (disk !== null) return disk;
  }
  return null;
}

/** On Linux the first is memory. */
function copyFolders(): readonly string[] {
  return process.platform === 'linux' ? ['/dev/shm', tmpdir()] : [tmpdir()];
}

async function openCopyIn(folder: string, path: string): Promise<Disk | null> {
  const own = join(folder, `smtp-quorum-${userInfo().uid}`);
  await mkdir(own, { recursive: true, mode: 0o700 });
  if (!(await isPrivateFolder(own))) return null;
  await removeAbandoned(own);
  const copy = await mkdtemp(join(own, prefix));
  const remove = () => rm(copy, { recursive: true, force: true });
  try {
    if (!(await hasRoom(copy, 2 * (await stateSizeOf(path)) + spareRoom))) throw new Error('no room');
    await fill(copy, resolve(path));
    const disk = await openDisk(copy);
    return { ...disk, write: refuse, close: () => disk.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Of processes that were killed. */
async function removeAbandoned(own: string): Promise<void> {
  for (const name of await readdir(own)) {
    if (!name.startsWith(prefix)) continue;
    const copy = join(own, name);
    await destroyDisk(copy)
      .then(() => rm(copy, { recursive: true, force: true }))
      .catch(() => {});
  }
}

async function refuse(): Promise<never> {
  throw new Error('this copy is only read');
}

async function stateSizeOf(path: string): Promise<number> {
  const files = (await readdir(path)).filter((file) => state.test(file));
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(path, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function fill(copy: string, path: string): Promise<void> {
  for (const file of await readdir(path)) {
    const [from, to] = [join(path, file), join(copy, file)];
    if (state.test(file)) await copyFile(from, to);
    // Windows lets only administrators make links.
    else if (table.test(file)) await symlink(from, to).catch(() => copyFile(from, to));
  }
}
