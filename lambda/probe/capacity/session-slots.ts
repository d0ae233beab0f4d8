/** Limits the sessions that are under way at the same time, by the descriptors of the process. */
import { readdirSync, readFileSync } from 'node:fs';
import { SESSIONS_AT_MOST } from './round-budget.ts';

/** Descriptors for the connections to AWS, name servers and files. */
const RESERVED = 64;
/** A session may need a second descriptor: the last address is still being closed, or the target has more hosts than assumed. */
const PER_SESSION = 2;
/** If the system does not tell. This is the limit of a Lambda function. */
const USUAL_LIMIT = 1_024;

export interface SessionSlots {
  readonly count: number;
  /**
   * Waits for `wanted` slots, in the order of the calls. Returns a function that releases them, or null if they are not free
   * within `within` milliseconds.
   */
  take(wanted: number, within: number): Promise<(() => void) | null>;
}

interface Waiting {
  readonly wanted: number;
  readonly start: () => void;
}

export function openSlots(count: number): SessionSlots {
  let free = count;
  const queue: Waiting[] = [];
  const startNext = () => {
    for (let first = queue[0]; first !== undefined && first.wanted <= free; first = queue[0]) {
      queue.shift();
      free -= first.wanted;
      first.start();
    }
  };
  const release = (wanted: number) => () => {
    free += wanted;
    startNext();
  };
  const wait = (wanted: number, within: number) =>
    new Promise<(() => void) | null>((resolve) => {
      const waiting: Waiting = {
        wanted,
        start: () => {
          clearTimeout(timer);
          resolve(release(wanted));
        },
      };
      const giveUp = () => {
        queue.splice(queue.indexOf(waiting), 1);
        resolve(null);
        startNext();
      };
      const timer = setTimeout(giveUp, within);
      queue.push(waiting);
    });
  return {
    count,
    async take(asked, within) {
      const wanted = Math.min(asked, count);
      if (queue.length > 0 || wanted > free) return wait(wanted, within);
      free -= wanted;
      return release(wanted);
    },
  };
}

let slots: SessionSlots | null = null;

/** The slots of this process, which all its vantages share. */
export function processSlots(): SessionSlots {
  slots ??= openSlots(slotCount(descriptorLimit(), openDescriptors()));
  return slots;
}

export function slotCount(limit: number, open: number): number {
  return Math.max(1, Math.min(SESSIONS_AT_MOST, Math.floor((limit - open - RESERVED) / PER_SESSION)));
}

/** Descriptors of a process that has so many sessions to hold: those without a slot wait. */
export function descriptorsFor(sessions: number): number {
  return RESERVED + PER_SESSION * Math.min(sessions, SESSIONS_AT_MOST);
}

function descriptorLimit(): number {
  const limit = /^Max open files\s+(\d+)/m.exec(readOr('', () => readFileSync('/proc/self/limits', 'utf8')))?.[1];
  return limit === undefined ? USUAL_LIMIT : Number(limit);
}

function openDescriptors(): number {
  return readOr([], () => readdirSync('/proc/self/fd')).length;
}

function readOr<Value>(otherwise: Value, read: () => Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
