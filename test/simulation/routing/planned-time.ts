/** What is planned of a target at a time: the windows of the config, and the mutes that people wrote. */
import type { Item } from '../../../lambda/history/table/table.ts';
import type { Clock } from '../virtual-clock.ts';
import { isBackup, isPatching, isRackOverrun, isRackWork } from './berlin.ts';
import { isEdge } from './config.ts';

export interface Planned {
  /** Before each write. */
  written(after: Item): void;
  /** @param grace whether the time after a window counts, in which what fell in it is not told */
  isPlanned(target: string, at: number, grace: boolean): boolean;
  /** A judge could not read the mutes: then only the windows hold. */
  unread(): void;
  /** Whether mutes hold for sure: every judge since could read them. */
  wereRead(since: number): boolean;
  isInWindow(target: string, at: number): boolean;
}

interface KnownMute {
  readonly target: string;
  /** When it was written; epoch milliseconds. */
  readonly from: number;
  until: number;
}

const DAY = 86_400_000;

export function simulatePlannedTime(clock: Clock): Planned {
  const mutes = new Map<string, KnownMute>();
  let unreadAt = 0;
  return {
    unread() {
      unreadAt = clock.now();
    },
    wereRead: (since) => unreadAt < since,
    isInWindow: (target, at) => isInWindow(target, at, false),
    written({ pk, sk, targets, until }) {
      if (pk !== 'mutes' || !Array.isArray(targets)) return;
      const known = mutes.get(sk);
      const ends = Date.parse(String(until));
      if (known === undefined) mutes.set(sk, { target: String(targets[0]), from: clock.now(), until: ends });
      else known.until = Math.max(clock.now(), ends);
      for (const [id, mute] of mutes) if (mute.until < clock.now() - DAY) mutes.delete(id);
    },
    isPlanned(target, at, grace) {
      const isMuted = [...mutes.values()].some((one) => one.target === target && one.from <= at && one.until > at);
      return isMuted || isInWindow(target, at, grace);
    },
  };
}

function isInWindow(target: string, at: number, grace: boolean): boolean {
  if (isEdge(target)) return isPatching(at);
  const isAtRack = target === 'mx5' || target === 'mx6';
  if (isAtRack && (isRackWork(at) || (grace && isRackOverrun(at)))) return true;
  return target === 'mx6' && isBackup(at);
}
