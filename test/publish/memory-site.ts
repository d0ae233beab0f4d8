import { setTimeout as sleep } from 'node:timers/promises';
import type { SiteStore } from '../../lambda/publish/site-store.ts';
import type { SiteFile } from '../../web/site.ts';

/** A bucket in memory with the conditional writes of S3. */
export interface MemorySite extends SiteStore {
  readonly objects: ReadonlyMap<string, SiteFile>;
  /** Paths in the order in which they were written; `-path` was removed. */
  readonly log: readonly string[];
  stored(): string | null;
}

/** @param before runs before each write of an object or of the manifest; it may throw, or wait */
export function memorySite(before: (path: string) => Promise<void> | void = () => {}): MemorySite {
  const objects = new Map<string, SiteFile>();
  const log: string[] = [];
  let manifest: { text: string; tag: string } | null = null;
  let writes = 0;
  return {
    objects,
    log,
    stored: () => manifest?.text ?? null,
    manifest: async () => {
      await sleep(0);
      return manifest;
    },
    writeManifest: async (text, tag) => {
      await before('manifest');
      if ((manifest?.tag ?? null) !== tag) return null;
      manifest = { text, tag: `"${++writes}"` };
      return manifest.tag;
    },
    paths: async () => [...objects.keys()],
    put: async (path, file) => {
      await before(path);
      objects.set(path, file);
      log.push(path);
    },
    remove: async (path) => {
      await before(path);
      objects.delete(path);
      log.push(`-${path}`);
    },
  };
}
