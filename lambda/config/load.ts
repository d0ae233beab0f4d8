import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ParsedConfig, parseConfig, type ReadFile } from './parse.ts';

/** Bytes. Ten thousand targets are some 2 MB; a bundle of all public authorities has 250 KB. */
const longest = { config: 4 * 1024 * 1024, named: 1024 * 1024 } as const;

/**
 * Reads and parses the config file at `path`; throws where it cannot be read. Files that it names are found beside it.
 * @param now epoch milliseconds; 0 where dates that passed are no mistakes
 */
export function loadConfig(path: string, now = Date.now()): ParsedConfig {
  const folder = dirname(resolve(path));
  const readNamed: ReadFile = (named, encoding) =>
    readBounded(resolve(folder, named), longest.named, (found) => found.isFile(), encoding);
  return parseConfig(readBounded(path, longest.config, isReadable), path, readNamed, now);
}

/** A config may come through a pipe, as of a shell's `<(…)`. */
function isReadable(found: Stats): boolean {
  return found.isFile() || found.isFIFO();
}

/** Checks the type of the file before it opens it: opening a pipe without a writer blocks. */
function readBounded(
  path: string,
  limit: number,
  fits: (found: Stats) => boolean,
  encoding: BufferEncoding = 'utf8',
): string {
  const looked = statSync(path);
  if (looked.isDirectory()) throw new Error(`${path} is a folder`);
  if (!fits(looked)) throw new Error(`${path} is no regular file`);
  const file = openSync(path, 'r');
  try {
    if (!fits(fstatSync(file))) throw new Error(`${path} is no regular file`);
    return readAll(file, path, limit, encoding);
  } finally {
    closeSync(file);
  }
}

function readAll(file: number, path: string, limit: number, encoding: BufferEncoding): string {
  const chunks: Buffer[] = [];
  for (let length = 0; ; ) {
    const chunk = Buffer.alloc(64 * 1024);
    const read = readSync(file, chunk);
    if (read === 0) return Buffer.concat(chunks).toString(encoding);
    length += read;
    if (length > limit) throw new Error(`${path} is larger than ${limit / 1024 / 1024} MB`);
    chunks.push(chunk.subarray(0, read));
  }
}
