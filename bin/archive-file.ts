import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { asciiJson } from '../lambda/alert/visible.ts';
import type { Item } from '../lambda/history/table.ts';
import { UsageError } from './usage.ts';

/**
 * An exported history: a line of JSON that says what it is, a line for each item of the table as it stands there, and a
 * line that says how many there were. Without the last line it was cut off, and is not imported.
 */
export interface Heading {
  readonly format: 'smtp-quorum-export';
  readonly version: 1;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly since: string;
  readonly until: string;
}

/** Writes to `file`, compressed where its name ends in `.gz`; under another name until it is whole. */
export async function writeArchive(file: string, heading: Heading, items: AsyncIterable<Item>): Promise<number> {
  let count = 0;
  async function* lines() {
    yield `${asciiJson(heading)}\n`;
    for await (const item of items) {
      count += 1;
      yield `${asciiJson(item)}\n`;
    }
    yield `${asciiJson({ items: count })}\n`;
  }
  const draft = `${file}.part`;
  const compress = file.endsWith('.gz') ? [createGzip()] : [];
  await pipeline([Readable.from(lines()), ...compress, createWriteStream(draft)]);
  await rename(draft, file);
  return count;
}

/**
 * The items of an exported history, in the order in which they were written.
 * @throws UsageError that names the line, where the file is not one, or not whole
 */
export async function* readArchive(file: string): AsyncGenerator<Item> {
  let number = 0;
  let total: number | null = null;
  for await (const line of linesOf(file)) {
    number += 1;
    const value = parsed(line, file, number);
    if (number === 1) checkHeading(value, file);
    else if (isItem(value)) yield value;
    else if (typeof value.items === 'number') total = value.items;
    else throw new UsageError(`${file}:${number}: neither an item nor the end of an export`);
  }
  const items = number - 2;
  if (total !== items) throw new UsageError(`${file} was cut off: its last line should say how many items there are`);
}

/** Reads it all once, so that nothing is imported of a file that is not whole; how many items there are. */
export async function countArchive(file: string): Promise<number> {
  let count = 0;
  for await (const _ of readArchive(file)) count += 1;
  return count;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  const failed = new Promise<never>((_, reject) => {
    raw.once('error', reject);
    input.once('error', reject);
  });
  failed.catch(() => {});
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([lines.next(), failed]);
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
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

function isItem(value: Record<string, unknown>): value is Item & Record<string, unknown> {
  return typeof value.pk === 'string' && typeof value.sk === 'string';
}
