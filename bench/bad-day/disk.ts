/** A small disk in memory that can be filled. Only root can mount it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  fill(): void;
  empty(): void;
  remove(): void;
}

/** Null where this user cannot mount one. */
export function mountDisk(): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-disk-'));
  const filler = join(folder, 'filler');
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', folder], { stdio: 'ignore' });
  if (status !== 0) {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    fill() {
      for (const size of [1024 * 1024, 4096, 512]) write(filler, size);
    },
    empty: () => rmSync(filler, { force: true }),
    remove() {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Blocks of this size, until there is no room. */
function write(file: string, size: number): void {
  try {
    for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
  } catch {
    // Full.
  }
}
