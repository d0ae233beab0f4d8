/** A place in a log, and whether a file is the one that it is in. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** Where reading goes on. JSON. The first release had `inode` and `offset` alone, and reads these. */
export interface LogPlace {
  readonly inode: number;
  /** Octets that were read, up to the end of a line. */
  readonly offset: number;
  /** The beginning of the file: a file that is truncated, or one that gets the inode of a former one, has another. */
  readonly head?: LogHead;
  /** The place is within a line that is too long. */
  readonly inLongLine?: true;
}

export interface LogHead {
  readonly length: number;
  /** SHA-256, cut. */
  readonly digest: string;
}

/** The first lines: they have times and ids. */
const LONGEST_HEAD = 512;

export function headLength(offset: number): number {
  return Math.min(offset, LONGEST_HEAD);
}

/** @param octets at least `length` of the beginning */
export function headOf(octets: Buffer, length: number): LogHead {
  const digest = createHash('sha256').update(octets.subarray(0, length)).digest('base64url').slice(0, 12);
  return { length, digest };
}

/** The beginning of an open file; null if it is shorter. */
export async function readHead(handle: FileHandle, length: number): Promise<LogHead | null> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
  return bytesRead < length ? null : headOf(buffer, length);
}

/** Whether the place is in this file. It may have been copied, so that the inode is another. */
export async function isPlaceIn(handle: FileHandle, { inode, offset, head }: LogPlace): Promise<boolean> {
  const { ino, size } = await handle.stat();
  if (size < offset) return false;
  if (head === undefined) return ino === inode;
  return (await readHead(handle, head.length))?.digest === head.digest;
}
