import { createReadStream, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import { isItem, problemOf } from '../../lambda/history/exported-item-check.ts';
import { packingVersion } from '../../lambda/history/packing/round-packing.ts';
import type { Item } from '../../lambda/history/table/table.ts';
import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';
import { errorText, UsageError } from '../arguments/usage-error.ts';

/**
 * An exported history: a line of JSON that says what it is, a line for each item of the table as it stands there, and a
 * line that says how many there were. Without the last line it was cut off, and is not imported.
 */
export interface ExportHeading {
  readonly format: 'smtp-quorum-export';
  readonly version: 1;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly since: string;
  readonly until: string;
}

/** Instead of the name of a file. */
export const STANDARD_OUTPUT = '-';

/**
 * Writes to `file`, compressed where its name ends in `.gz`; under another name until it is whole. What is no regular
 * file, a pipe or a device, is written to as it is.
 * @throws UsageError where it cannot be written, or on Ctrl-C
 */
export async function writeExport(file: string, heading: ExportHeading, items: AsyncIterable<Item>): Promise<number> {
  let count = 0;
  let reading = Promise.resolve();
  async function* lines() {
    let ended = () => {};
    reading = new Promise<void>((resolve) => {
      ended = resolve;
    });
    try {
      yield `${asciiJson(heading)}\n`;
      for await (const item of items) {
        count += 1;
        yield `${asciiJson(item)}\n`;
      }
      yield `${asciiJson({ items: count })}\n`;
    } finally {
      ended();
    }
  }
  const compress = file.endsWith('.gz') ? [createGzip()] : [];
  const source = [Readable.from(lines()), ...compress] as const;
  try {
    if (file === STANDARD_OUTPUT) await pipeline([...source, process.stdout], { end: false });
    else await untilCtrlC(file, (signal) => written(file, source, signal));
  } finally {
    // The table must not be closed during a query.
    await reading;
  }
  return count;
}

type Source = readonly [Readable, ...Transform[]];

function written(file: string, source: Source, signal: AbortSignal): Promise<void> {
  return isInPlace(file) ? into(file, source, signal) : viaDraft(file, source, signal);
}

async function into(file: string, source: Source, signal: AbortSignal): Promise<void> {
  const handle = await open(file, 'w');
  await pipeline([...source, handle.createWriteStream()], { signal });
}

async function viaDraft(file: string, source: Source, signal: AbortSignal): Promise<void> {
  const draft = `${file}.part`;
  try {
    await into(draft, source, signal);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

/** A pipe or a device must not be put aside for a file. */
function isInPlace(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile();
}

/** Anything else that fails is the table's. */
const OF_FILES: readonly string[] = ['open', 'write', 'rename', 'close'];

async function untilCtrlC(file: string, write: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const ended = new AbortController();
  const end = () => ended.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, end);
  try {
    await write(ended.signal);
  } catch (error) {
    if (ended.signal.aborted) throw new UsageError(`broken off: ${file} is not written`);
    const { syscall = '', code } = error as NodeJS.ErrnoException;
    if (!OF_FILES.includes(syscall)) throw error;
    throw new UsageError(`--out: ${file} cannot be written: ${code === 'ENOENT' ? 'there is no such folder' : code}`);
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
}

/**
 * The items of an exported history, in the order in which they were written.
 * @throws UsageError that names the line, where the file is not one, or not whole
 */
export async function* readExport(file: string): AsyncGenerator<Item> {
  let number = 0;
  let total: number | null = null;
  for await (const line of linesOf(file)) {
    number += 1;
    const value = parsed(line, file, number);
    if (total !== null) throw new UsageError(`${file}:${number}: the export ends before this line`);
    if (number === 1) checkHeading(value, file);
    else if (isItem(value)) yield checked(known(value, file, number), file, number);
    else if (typeof value.items === 'number') total = value.items;
    else throw new UsageError(`${file}:${number}: neither an item nor the end of an export`);
  }
  const items = number - 2;
  if (total !== items) throw new UsageError(`${file} was cut off: its last line should say how many items there are`);
}

/** Reads and checks it all once, so that nothing is imported of a file that is not whole and right; how many items there are. */
export async function countExport(file: string): Promise<number> {
  let count = 0;
  for await (const _ of readExport(file)) count += 1;
  return count;
}

/** Bytes. An item has 400 KB at most, of which each may be six in JSON. */
const longestLine = 4 * 1024 * 1024;

/** Line by line, and no more in memory than one of them. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let number = 1;
  let rest: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer) => {
    length += part.length;
    if (length > longestLine) throw new UsageError(`${file}:${number}: ${TOO_LONG}`);
    rest.push(part);
  };
  const line = () => {
    const text = Buffer.concat(rest).toString('utf8');
    [rest, length, number] = [[], 0, number + 1];
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  };
  for await (const chunk of chunksOf(file)) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      take(chunk.subarray(from, end));
      yield line();
      from = end + 1;
    }
    if (from < chunk.length) take(chunk.subarray(from));
  }
  if (length > 0) yield line();
}

const TOO_LONG = `the line is longer than ${longestLine / 1024 / 1024} MB; is this an export of smtp-quorum?`;

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  checkRegular(file);
  const raw = createReadStream(file, { highWaterMark: 256 * 1024 });
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.once('error', (error) => input.destroy(error));
  try {
    for await (const chunk of input) yield chunk as Buffer;
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    raw.destroy();
  }
}

/** It is read twice. */
function checkRegular(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || found.isFile() || found.isDirectory()) return;
  throw new UsageError(`${file} cannot be read: it is a pipe or a device; write it to a file first`);
}

/** What zlib and the file system say, in words. */
const WHY: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: 'it was cut off',
  Z_DATA_ERROR: 'it is damaged, or was not compressed with gzip',
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

function unreadable(file: string, error: unknown): UsageError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new UsageError(`${file} cannot be read: ${WHY[code] ?? errorText(error)}`);
}

/** Nothing of a later version is imported, for nothing here could read it. */
function known(item: Item, file: string, number: number): Item {
  const { packing = packingVersion } = item;
  if (packing === packingVersion) return item;
  const found = `is of packing ${JSON.stringify(packing)}, and this version reads ${packingVersion}`;
  throw new UsageError(`${file}:${number}: ${item.pk} ${item.sk} ${found}: update smtp-quorum`);
}

/** Nothing is imported that could not be read back. */
function checked(item: Item, file: string, number: number): Item {
  const problem = problemOf(item);
  if (problem === null) return item;
  throw new UsageError(
    `${file}:${number}: ${escapeForDisplay(named(item))}: ${escapeForDisplay(problem.slice(0, 300))}`,
  );
}

function named({ pk, sk }: Item): string {
  return `${pk.slice(0, 200)} ${sk.slice(0, 200)}`;
}

function parsed(line: string, file: string, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, with its place.
  }
  throw new UsageError(`${file}:${number}: not a line of JSON; is this an export of smtp-quorum?`);
}

function checkHeading({ format, version }: Record<string, unknown>, file: string): void {
  if (format !== 'smtp-quorum-export') throw new UsageError(`${file} is not an export of smtp-quorum`);
  if (version !== 1)
    throw new UsageError(`${file} is of version ${version}, which this smtp-quorum does not know; update it`);
}
