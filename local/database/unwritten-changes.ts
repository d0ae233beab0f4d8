/** What is held in memory while the files cannot be written: the newest value of each key, within a bound. */
import type { Change, Entry, LevelRange } from './leveldb-disk.ts';

/** Bytes of JSON. A round of 300 targets has some 30 KB: a day of rounds each minute. */
const capacity = 64 * 1024 * 1024;

export interface WriteBuffer {
  readonly size: number;
  readonly bytes: number;
  /** Above the bound rounds are given up, the oldest first. */
  add(changes: readonly Change[]): void;
  /** Undefined where the key is not held; `{ gone: true }` where it was deleted. */
  get(key: string): { readonly value: unknown } | { readonly gone: true } | undefined;
  /** In order, whatever is held of the range. */
  within(range: LevelRange): readonly Change[];
  /** In the order in which they were written. */
  changes(): readonly Change[];
  /** These were written to the files; what is newer stays. */
  release(changes: readonly Change[]): void;
  /** How many rounds were given up since the last time it was asked. */
  takeDropped(): number;
}

interface Held {
  readonly change: Change;
  readonly bytes: number;
}

/** @param mayDrop whether a value can be given up: the rounds, of which more come */
export function openWriteBuffer(mayDrop: (value: unknown) => boolean, limit: number = capacity): WriteBuffer {
  const held = new Map<string, Held>();
  let bytes = 0;
  let dropped = 0;

  const remove = (key: string) => {
    bytes -= held.get(key)?.bytes ?? 0;
    held.delete(key);
  };
  const shrink = () => {
    if (bytes <= limit) return;
    for (const [key, { change }] of held) {
      if (bytes <= limit * 0.9) return;
      if ('gone' in change || !mayDrop(change.value)) continue;
      remove(key);
      dropped += 1;
    }
  };

  return {
    get size() {
      return held.size;
    },
    get bytes() {
      return bytes;
    },
    add(changes) {
      for (const change of changes) {
        remove(change.key);
        const size = change.key.length + ('gone' in change ? 0 : JSON.stringify(change.value).length);
        held.set(change.key, { change, bytes: size });
        bytes += size;
      }
      shrink();
    },
    get: (key) => held.get(key)?.change,
    within(range) {
      const inside = [...held.values()].map(({ change }) => change).filter(({ key }) => isWithin(key, range));
      const ordered = inside.sort((a, b) => (a.key < b.key ? -1 : 1));
      return range.reverse === true ? ordered.reverse() : ordered;
    },
    changes: () => [...held.values()].map(({ change }) => change),
    release(changes) {
      for (const change of changes) if (held.get(change.key)?.change === change) remove(change.key);
    },
    takeDropped() {
      const count = dropped;
      dropped = 0;
      return count;
    },
  };
}

function isWithin(key: string, { gt, gte, lt, lte }: LevelRange): boolean {
  return (
    (gt === undefined || key > gt) &&
    (gte === undefined || key >= gte) &&
    (lt === undefined || key < lt) &&
    (lte === undefined || key <= lte)
  );
}

/** Entries of the disk with those of the memory in their place; both in the order of the range. */
export async function* merged(
  disk: AsyncIterable<Entry>,
  memory: readonly Change[],
  reverse: boolean,
): AsyncGenerator<Entry> {
  let at = 0;
  const comesFirst = (a: string, b: string) => (reverse ? a > b : a < b);
  for await (const entry of disk) {
    for (let held = memory[at]; held !== undefined && comesFirst(held.key, entry[0]); held = memory[at]) {
      if (!('gone' in held)) yield entryOf(held);
      at += 1;
    }
    const same = memory[at];
    if (same === undefined || same.key !== entry[0]) yield entry;
    else {
      if (!('gone' in same)) yield entryOf(same);
      at += 1;
    }
  }
  for (const held of memory.slice(at)) if (!('gone' in held)) yield entryOf(held);
}

/** What is in memory already takes no more of it. */
function entryOf({ key, value }: { readonly key: string; readonly value: unknown }): Entry {
  return [key, value, 0];
}
