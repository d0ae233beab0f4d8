/** What the round trips of a domain have lately shown of it: the selectors that sign its mail, and the addresses that send it. */
import type { PostureDomain } from '../config/posture-domain.ts';
import type { TripRecord } from '../history/trips/trip-record.ts';
import type { PosturePorts } from './posture-ports.ts';

export interface ShownByTrips {
  readonly selectors: readonly string[];
  readonly addresses: readonly string[];
}

/** Milliseconds for which it counts. */
const COUNTS = 7 * 86_400_000;
const MOST = { selectors: 10, addresses: 8 } as const;

/** Reads of a run: one query for each round trip. Never rejects; without the trips posture goes on, which is logged once. */
export function shownByTrips({
  history,
  log,
  now,
}: Pick<PosturePorts, 'history' | 'log' | 'now'>): (written: PostureDomain) => Promise<ShownByTrips> {
  let isLogged = false;
  const read = async (id: string) => {
    try {
      return await history.newestTrips(id, now() - COUNTS);
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).slice(0, 300);
      if (!isLogged) log({ level: 'warn', message: 'what round trips have shown cannot be read', facts: { why } });
      isLogged = true;
      return [];
    }
  };
  return async ({ domain, roundTrips = [] }) => shownOf(domain, (await Promise.all(roundTrips.map(read))).flat());
}

function shownOf(domain: string, trips: readonly TripRecord[]): ShownByTrips {
  // A copy that somebody sends later comes after the message itself.
  const first = trips.toSorted((a, b) => b.at - a.at).flatMap(({ arrivals }) => arrivals.slice(0, 1));
  const signatures = first.flatMap((one) => one.signatures ?? []).filter((one) => one.domain === domain);
  const selectors = new Set(signatures.map(({ selector }) => selector));
  const addresses = new Set(first.flatMap(({ sendingAddress }) => sendingAddress ?? []));
  return {
    selectors: [...selectors].slice(0, MOST.selectors),
    addresses: [...addresses].slice(0, MOST.addresses),
  };
}
