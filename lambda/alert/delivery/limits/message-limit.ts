/** How many messages an hour a channel or a receiver gets. */

const HOUR = 3_600_000;

/** What may be sent now. Times are epoch milliseconds. */
export type Room =
  | { readonly kind: 'free' }
  /** One message, so it has to tell all that is pending. */
  | { readonly kind: 'last' }
  /** Only the first page of an outage, from this time on; anything from `until` on. */
  | { readonly kind: 'pages'; readonly from: number; readonly until: number }
  | { readonly kind: 'none'; readonly until: number };

/**
 * A quarter of the limit is kept for first pages of outages, and they spread over the hour: so an outage that begins after a
 * storm is paged at once, and one that begins after several others within the quarter waits for minutes, not for an hour.
 * @param sent when messages were sent, oldest first
 */
export function roomFor(sent: readonly number[], limit: number, now: number): Room {
  const used = withinHour(sent, now);
  const kept = Math.floor(limit / 4);
  const open = limit - kept;
  const freeAt = (count: number) => (used[used.length - count] ?? now) + HOUR;
  if (used.length >= limit) return { kind: 'none', until: freeAt(limit) };
  if (used.length < open - 1) return { kind: 'free' };
  if (used.length < open) return { kind: 'last' };
  const last = used.at(-1) ?? now;
  return { kind: 'pages', from: used.length === open ? now : last + HOUR / kept, until: freeAt(open) };
}

/** Whether a message may be sent now. */
export function allowsMessage(room: Room, isPage: boolean, now: number): boolean {
  switch (room.kind) {
    case 'free':
    case 'last':
      return true;
    case 'pages':
      return isPage && room.from <= now;
    case 'none':
      return false;
    default:
      return room satisfies never;
  }
}

/** The times that still count. */
export function withinHour(sent: readonly number[], now: number): readonly number[] {
  return sent.filter((at) => at > now - HOUR);
}
