/** Reads a log file from a place on, and follows it when it is rotated: renamed, or copied and truncated. */

import { type FileHandle, open, stat } from 'node:fs/promises';
import { lineCutter } from './log-lines.ts';
import { headLength, isPlaceIn, type LogHead, type LogPlace, readHead } from './log-place.ts';
import { type LineTaker, readRotated } from './rotated-logs.ts';

export interface LogFile {
  /** Hands over each whole line that was added. A line that has no end yet is left for the next call. */
  readNew(taker: LineTaker): Promise<void>;
  /** After the last line that was taken. */
  place(): LogPlace;
  close(): Promise<void>;
}

const CHUNK = 65_536;

interface Opened {
  readonly handle: FileHandle;
  readonly inode: number;
  offset: number;
  head: LogHead | null;
  inLongLine: boolean;
  /** Whether it was opened at the place that was asked for. */
  readonly isAtPlace: boolean;
}

/**
 * @param place null: from the beginning
 * @throws the error of node:fs if the file cannot be opened
 */
export async function openLogFile(path: string, place: LogPlace | null): Promise<LogFile> {
  let now = await openAt(path, place);
  // A place in a file that was rotated meanwhile.
  let left = place === null || now.isAtPlace ? null : place;

  const readNew = async (taker: LineTaker): Promise<void> => {
    if (left === null && !(await isPlaceIn(now.handle, placeOf(now)))) {
      left = placeOf(now);
      Object.assign(now, BEGINNING);
    }
    if (left !== null) await readRotated(path, left, taker);
    left = null;
    await readLines(now, taker);
    const current = await stat(path).catch(() => null);
    // Between the two moves of a rotation there is no file.
    if (current === null || current.ino === now.inode) return;
    await readLines(now, taker);
    // A new file that cannot be opened yet is tried again.
    const next = await openAt(path, placeOf(now));
    // It may have been rotated twice. A file that was copied in the place of the log has its beginning.
    if (!next.isAtPlace) await readRotated(path, placeOf(now), taker);
    await now.handle.close();
    now = next;
    await readLines(now, taker);
  };
  return { readNew, place: () => left ?? placeOf(now), close: () => now.handle.close() };
}

const BEGINNING = { offset: 0, head: null, inLongLine: false } as const;

async function openAt(path: string, place: LogPlace | null): Promise<Opened> {
  // Opening a pipe waits for its writer.
  const found = await stat(path);
  if (found.isFIFO() || found.isSocket()) throw new Error("it is a pipe; give it to 'bounces --log'");
  const handle = await open(path, 'r');
  const opened = { handle, inode: (await handle.stat()).ino, ...BEGINNING, isAtPlace: false };
  if (place === null || !(await isPlaceIn(handle, place))) return opened;
  const { offset, head = null, inLongLine = false } = place;
  return { ...opened, offset, head, inLongLine, isAtPlace: true };
}

function placeOf({ inode, offset, head, inLongLine }: Opened): LogPlace {
  return { inode, offset, ...(head === null ? {} : { head }), ...(inLongLine ? { inLongLine: true } : {}) };
}

async function readLines(file: Opened, { take, settle }: LineTaker): Promise<void> {
  const buffer = Buffer.alloc(CHUNK);
  const begins = file.offset;
  const cutter = lineCutter(file.inLongLine);
  for (let at = begins; ; ) {
    const { bytesRead } = await file.handle.read(buffer, 0, CHUNK, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    cutter.push(buffer.subarray(0, bytesRead), take);
    file.offset = begins + cutter.taken();
    file.inLongLine = cutter.isInLongLine();
    const length = headLength(file.offset);
    if (length > (file.head?.length ?? 0)) file.head = await readHead(file.handle, length);
    await settle();
  }
}
