/** What a channel remembers, after the clock was set back: nothing waits for a time that was written before. */
import type { ChannelState } from './delivery.ts';
import { GROUP_TIME, type PendingPart } from './group-by-cause.ts';

/** Clocks of processes differ by less. Milliseconds. */
const TOLERANCE = 60_000;

/** Without its waits and the groups that were told later than now. Its hour of messages stays as it was: the limit holds. */
export function withPresentClock(state: ChannelState, now: number): ChannelState {
  const { lastTry, groups } = state;
  if (lastTry === null || Date.parse(lastTry) <= now + TOLERANCE) return state;
  const known = groups?.filter(({ told }) => told <= now + TOLERANCE);
  return {
    ...state,
    next: Math.min(state.next, now),
    heldUntil: Math.min(state.heldUntil, now),
    ...(known && { groups: known }),
  };
}

/** No part waits longer than for its group. */
export function readyInPresent(parts: readonly PendingPart[], now: number): readonly PendingPart[] {
  return parts.map((part) => (part.ready > now + GROUP_TIME + TOLERANCE ? { ...part, ready: now } : part));
}
