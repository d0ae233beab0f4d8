/** Where the time of a trip went, although the clocks of its hosts may disagree. */

import type { TripHop } from './trip-hop.ts';

export interface LongestStay {
  /** Host that kept the message; null: we kept it, or its name is not known. */
  readonly host: string | null;
  /** Host that it waited for; null: the mailbox. */
  readonly next: string | null;
  /** At least so many milliseconds. */
  readonly least: number;
}

interface Stamp {
  readonly host: string | null;
  readonly at: number;
}

/**
 * The stretch whose time is surest: from the latest of all stamps before it to the earliest of all after it. A clock that is
 * ahead or behind shortens stretches, and never makes one longer. The first and the last stamp are ours.
 * @returns null if no stretch lasted at least a second
 */
export function longestStay(accepted: number, hops: readonly TripHop[], seen: number): LongestStay | null {
  const known = hops.flatMap(({ host, at }): readonly Stamp[] => (at === null ? [] : [{ host, at }]));
  const stamps: readonly Stamp[] = [{ host: null, at: accepted }, ...known, { host: null, at: seen }];
  const stays = stamps.slice(1).map((next, nth): LongestStay => {
    const before = Math.max(...stamps.slice(0, nth + 1).map(({ at }) => at));
    const after = Math.min(...stamps.slice(nth + 1).map(({ at }) => at));
    return { host: stamps[nth]?.host ?? null, next: next.host, least: after - before };
  });
  const longest = stays.reduce((most, stay) => (stay.least > most.least ? stay : most));
  return longest.least >= 1_000 ? longest : null;
}
