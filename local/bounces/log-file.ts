/** Reads a log file from a place on, and follows it when it is rotated: renamed, or copied and truncated. */

import { type FileHandle, open, stat } from 'node:fs/promises';

/** Where reading goes on. JSON. */
export interface LogPlace {
  readonly inode: number;
  /** Octets that were read, up to the end of a line. */
  readonly offset: number;
}

export interface LogFile {
  /** Calls `take` with each whole line that was added. A line that has no end yet is left for the next call. */
  readNew(take: (line: string) => void): Promise<void>;
  /** After the last line that was taken. */
  place(): LogPlace;
  close(): Promise<void>;
}

const CHUNK = 65_536;
/** Octets. A longer line is skipped. */
const LONGEST_LINE = 65_536;

interface Opened {
  readonly handle: FileHandle;
  readonly inode: number;
  offset: number;
}

/**
 * @param place null: from the beginning
 * @throws the error of node:fs if the file cannot be opened
 */
export async function openLogFile(path: string, place: LogPlace | null): Promise<LogFile> {
  const older = place === null ? null : await openRotated(path, place);
  let now = older ?? (await openAt(path, place));

  const readNew = async (take: (line: string) => void): Promise<void> => {
    await readLines(now, take);
    const current = await stat(path).catch(() => null);
    // Between the two moves of a rotation there is no file.
    if (current === null || current.ino === now.inode) return;
    await readLines(now, take);
    // A new file that cannot be opened yet is tried again.
    const next = await openAt(path, null);
    await now.handle.close();
    now = next;
    await readLines(now, take);
  };
  return { readNew, place: () => ({ inode: now.inode, offset: now.offset }), close: () => now.handle.close() };
}

/** The file that the place is in, if it was rotated since then: `mail.log.1`, `mail.log.0`. */
async function openRotated(path: string, place: LogPlace): Promise<Opened | null> {
  if ((await stat(path)).ino === place.inode) return null;
  for (const rotated of [`${path}.1`, `${path}.0`]) {
    const found = await stat(rotated).catch(() => null);
    if (found?.ino === place.inode && found.size >= place.offset) return openAt(rotated, place);
  }
  return null;
}

async function openAt(path: string, place: LogPlace | null): Promise<Opened> {
  const handle = await open(path, 'r');
  const { ino } = await handle.stat();
  return { handle, inode: ino, offset: place?.inode === ino ? place.offset : 0 };
}

async function readLines(file: Opened, take: (line: string) => void): Promise<void> {
  if ((await file.handle.stat()).size < file.offset) file.offset = 0;
  const buffer = Buffer.alloc(CHUNK);
  let rest = Buffer.alloc(0);
  let skipping = false;
  for (;;) {
    const { bytesRead } = await file.handle.read(buffer, 0, CHUNK, file.offset + rest.length);
    if (bytesRead === 0) return;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      const line = rest.subarray(0, end);
      rest = rest.subarray(end + 1);
      file.offset += end + 1;
      if (!skipping) take(line.toString('utf8').replace(/\r$/, ''));
      skipping = false;
    }
    if (rest.length <= LONGEST_LINE) continue;
    file.offset += rest.length;
    rest = Buffer.alloc(0);
    skipping = true;
  }
}

/** The lines of standard input. As in a file, a line that is too long is skipped; the last one needs no end. */
export async function* streamLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  let skipping = false;
  for await (const chunk of stream) {
    const lines = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = lines.indexOf(10); end !== -1; end = lines.indexOf(10, from)) {
      if (!skipping) yield textOf(lines.subarray(from, end));
      skipping = false;
      from = end + 1;
    }
    rest = lines.subarray(from);
    if (rest.length <= LONGEST_LINE) continue;
    rest = Buffer.alloc(0);
    skipping = true;
  }
  if (rest.length > 0 && !skipping) yield textOf(rest);
}

function textOf(line: Buffer): string {
  return line.toString('utf8').replace(/\r$/, '');
}
