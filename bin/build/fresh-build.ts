/** What a build was made of, written beside it: it is used while no source has changed since. */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Metafile } from 'esbuild';

export const root = resolve(import.meta.dirname, '../..');

type Stamp = readonly [path: string, changed: number, size: number];

/**
 * @param stamps file that was written with the build
 * @param builder file with the options of the build
 */
export function isFresh(stamps: string, builder: string): boolean {
  try {
    const all: readonly Stamp[] = JSON.parse(readFileSync(stamps, 'utf8'));
    return (
      statSync(builder).mtimeMs <= statSync(stamps).mtimeMs &&
      all.every((one) => isDeepStrictEqual(one, stampOf(one[0])))
    );
  } catch {
    return false;
  }
}

/** The sources of a build with the time of their last change, as text. */
export function stampsOf({ inputs }: Pick<Metafile, 'inputs'>): string {
  const sources = Object.keys(inputs).filter((path) => !path.includes('node_modules/'));
  return JSON.stringify([...new Set([...sources, 'package.json', 'package-lock.json'])].sort().map(stampOf));
}

/** Path from the root, time of change, and size. */
function stampOf(path: string): Stamp {
  const { mtimeMs, size } = statSync(join(root, path));
  return [path, mtimeMs, size];
}

/** So that whoever reads it meanwhile has the old file or the new one. */
export function replaceFile(path: string, contents: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, contents);
  renameSync(fresh, path);
}
