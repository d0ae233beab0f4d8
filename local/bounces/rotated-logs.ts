/** Reads what was rotated since a place: `mail.log.1`, `mail.log.2.gz`, `mail.log-20261126`, `mail-20261126.log`. */
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { lineCutter } from './log-lines.ts';
import { headOf, isPlaceIn, type LogPlace } from './log-place.ts';

export interface LineTaker {
  take(line: string): void;
  /** Called between chunks, so that what was taken does not pile up. */
  settle(): Promise<void>;
}

/** More are not kept by anybody. */
const MOST_FILES = 60;

/** From the place to the end of its file, then the files that are newer, without the present one. Nothing if its file is gone. */
export async function readRotated(log: string, place: LogPlace, taker: LineTaker): Promise<void> {
  const files = await rotatedFiles(log);
  for (const [nth, file] of files.entries()) {
    if (!(await hasPlace(file, place))) continue;
    await readFrom(file, place, taker);
    for (const newer of files.slice(0, nth).reverse()) await readFrom(newer, null, taker);
    return;
  }
}

/** Newest first. Of a file that is being compressed, the original. */
async function rotatedFiles(log: string): Promise<readonly string[]> {
  const { dir, name, ext, base } = path.parse(log);
  const names = await readdir(dir === '' ? '.' : dir).catch(() => []);
  const rotated = names.filter((one) => isRotated(one, base, '') || isRotated(one, name, ext));
  const present = new Set(rotated);
  const found: { readonly file: string; readonly time: number }[] = [];
  for (const one of rotated) {
    if (one.endsWith('.gz') && present.has(one.slice(0, -3))) continue;
    const file = path.join(dir, one);
    const state = await stat(file).catch(() => null);
    if (state?.isFile()) found.push({ file, time: state.mtimeMs });
  }
  return found
    .sort((a, b) => byNumber(a.file, b.file) ?? b.time - a.time)
    .map(({ file }) => file)
    .slice(0, MOST_FILES);
}

/** `.1` is newer than `.2`, and a later date newer than an earlier one, however it is written. Null if the names do not tell. */
function byNumber(a: string, b: string): number | null {
  const [one, other] = [a, b].map((file) => NUMBERS.exec(path.basename(file))?.[0].replace(/\D/g, '') ?? '');
  if (one === undefined || other === undefined || one === other) return null;
  if (one.length <= 3 && other.length <= 3) return Number(one) - Number(other);
  return one.length === other.length ? (one < other ? 1 : -1) : null;
}

/** `.1`, `-20261126`, `-2026-11-26`, `-20261126-1795600000`. */
const NUMBERS = /(?:[.-]\d+)+(?=(?:\.[a-z]+){0,2}$)/;

function isRotated(name: string, before: string, after: string): boolean {
  if (!name.startsWith(before)) return false;
  const rest = name.slice(before.length).replace(/\.gz$/, '');
  return rest.endsWith(after) && /^(?:[.-]\d{1,14}){1,3}$/.test(rest.slice(0, rest.length - after.length));
}

async function hasPlace(file: string, place: LogPlace): Promise<boolean> {
  if (file.endsWith('.gz')) return place.head !== undefined && (await hasHead(file, place.head));
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return false;
  return isPlaceIn(handle, place).finally(() => handle.close());
}

async function hasHead(file: string, { length, digest }: NonNullable<LogPlace['head']>): Promise<boolean> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(file)) {
    chunks.push(chunk);
    const octets = Buffer.concat(chunks);
    if (octets.length >= length) return headOf(octets, length).digest === digest;
  }
  return false;
}

/** @param place null: from its beginning */
async function readFrom(file: string, place: LogPlace | null, { take, settle }: LineTaker): Promise<void> {
  const cutter = lineCutter(place?.inLongLine);
  let before = place?.offset ?? 0;
  for await (const chunk of chunksOf(file)) {
    const own = chunk.subarray(before);
    before = Math.max(0, before - chunk.length);
    cutter.push(own, take);
    await settle();
  }
}

/** What cannot be read, or is damaged, ends early: the present log goes on. */
async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  const raw = createReadStream(file);
  const stream = file.endsWith('.gz') ? pipeline(raw, createGunzip(), () => {}) : raw;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) yield chunk;
  } catch {
    // A file that was removed or is being compressed.
  } finally {
    raw.destroy();
    stream.destroy();
  }
}
