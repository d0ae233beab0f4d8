/**
 * Where the process that has the files answers others: a Unix socket in a folder that only its owner can enter, or a named
 * pipe on Windows. Nothing listens on the network.
 */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Bytes that the path of a socket can have everywhere: 104 with its end on macOS and the BSDs, 108 on Linux. */
const longestPath = 103;

/**
 * The sockets of a folder, the best first. Beside the files; and for a path that is too long, or a file system that has no
 * sockets, in a folder of this user for temporary files.
 */
export function socketsOf(folder: string, platform: NodeJS.Platform = process.platform): readonly string[] {
  const name = createHash('sha256').update(realpath(folder)).digest('hex').slice(0, 24);
  if (platform === 'win32') return [`\\\\.\\pipe\\smtp-quorum-${userInfo().username}-${name}`];
  const beside = join(realpath(folder), 'socket', 'dynamodb');
  const temporary = join(tmpdir(), `smtp-quorum-${userInfo().uid}`, name);
  return [beside, temporary].filter((path) => Buffer.byteLength(path) <= longestPath);
}

function realpath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

/** Whether the folder of a socket is this user's and nobody else's: who else has it could stand in for the owner. */
export function isPrivate(socket: string): Promise<boolean> {
  return isPrivateFolder(dirname(socket));
}

export async function isPrivateFolder(folder: string): Promise<boolean> {
  if (process.platform === 'win32') return true;
  try {
    const found = await lstat(folder);
    return found.isDirectory() && isTrusted(found.uid) && (found.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

/** Root reads what a service of another user keeps, as it may anyway. */
function isTrusted(uid: number): boolean {
  const own = process.getuid?.();
  return uid === own || own === 0;
}

/** Listens at the first socket where that can be done; the lock of the files says that nobody else does. @throws where it cannot */
export async function listenAt(server: Server, sockets: readonly string[]): Promise<string> {
  let failed: unknown = new Error('no path is short enough for a socket');
  for (const socket of sockets) {
    try {
      await prepare(socket);
      await listening(server, socket);
      if (process.platform !== 'win32') await chmod(socket, 0o600);
      return socket;
    } catch (error) {
      failed = error;
    }
  }
  throw failed;
}

async function prepare(socket: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = dirname(socket);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700).catch(() => {});
  if (!(await isPrivate(socket))) throw new Error(`${folder} is open to others, or belongs to another user`);
  await rm(socket, { force: true });
}

function listening(server: Server, socket: string): Promise<void> {
  return new Promise((settle, reject) => {
    server.once('error', reject);
    server.listen(socket, () => {
      server.off('error', reject);
      settle();
    });
  });
}
