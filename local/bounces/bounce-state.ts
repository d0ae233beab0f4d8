/** Keeps the counts of bounces and the place in the log in one file, so that no line is counted twice. */

import { readFile, rename, writeFile } from 'node:fs/promises';
import { type BounceCounts, type CountRow, emptyRow } from '../../lambda/bounces/counts.ts';
import { emptyQueue, type PostfixQueue, type QueuedMessage } from '../../lambda/bounces/postfix/queue.ts';
import type { LogPlace } from './log-place.ts';

export interface BounceState {
  /** Null: the log was not read yet. */
  place: LogPlace | null;
  readonly counts: BounceCounts;
  readonly queue: PostfixQueue;
}

interface StoredState {
  readonly version: 1;
  readonly place: LogPlace | null;
  readonly slots: readonly (readonly [number, readonly (readonly [string, CountRow])[]])[];
  readonly messages: readonly (readonly [string, QueuedMessage])[];
}

export function emptyBounceState(): BounceState {
  return { place: null, counts: new Map(), queue: emptyQueue() };
}

/** A new state if there is no file. Null if the file is not a state. */
export async function readBounceState(path: string): Promise<BounceState | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return emptyBounceState();
  const stored = parseState(text);
  if (stored === null) return null;
  return {
    place: stored.place,
    counts: new Map(stored.slots.map(([slot, rows]) => [slot, new Map(rows.map(wholeRow))])),
    queue: emptyQueue(stored.messages),
  };
}

/** The first release had fewer columns. */
function wholeRow([key, row]: readonly [string, CountRow]): readonly [string, CountRow] {
  return [key, { ...emptyRow(row.from, row.provider), ...row }];
}

function parseState(text: string): StoredState | null {
  try {
    const stored = JSON.parse(text) as Partial<StoredState> | null;
    return stored?.version === 1 && Array.isArray(stored.slots) && Array.isArray(stored.messages)
      ? (stored as StoredState)
      : null;
  } catch {
    return null;
  }
}

/** Replaces the file in one step: after a crash the former one is whole. */
export async function writeBounceState(path: string, { place, counts, queue }: BounceState): Promise<void> {
  const slots = [...counts].map(([slot, rows]) => [slot, [...rows]] as const);
  const stored: StoredState = { version: 1, place, slots, messages: [...queue.messages] };
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(stored)}\n`, { mode: 0o600 });
  await rename(draft, path);
}
