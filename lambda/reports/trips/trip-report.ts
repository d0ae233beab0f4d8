/** The round trips in a time span: how many messages, what became of them, how long they took and where. */

import type { TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import { type Percentiles, percentiles } from '../../history/rollup/tally.ts';
import type { TripRecord } from '../../history/trips/trip-record.ts';
import { openTripStore, type TripStore } from '../../history/trips/trip-store.ts';
import type { TripCode } from '../../trip/verdict/trip-codes.ts';
import type { ReportSource } from '../source/report-source.ts';
import { type TripTimes, tripTimes } from './trip-spans.ts';

export interface TripFigures extends TripTimes {
  /** Identifier of the round trip. */
  readonly trip: string;
  readonly counts: TripCounts;
  /** Milliseconds from acceptance to the mailbox: p50, p95 and p99. Null if no message arrived. */
  readonly total: Percentiles | null;
  /** Milliseconds until a host had the message, by the clocks of both; most messages first. */
  readonly hops: readonly HopFigures[];
  /** The last ones, newest first. */
  readonly last: readonly TripRecord[];
}

export interface HopFigures {
  readonly host: string;
  readonly count: number;
  readonly delay: Percentiles;
}

/** A message that was late and in the junk folder is counted under both. */
export interface TripCounts {
  /** All that were claimed. */
  readonly trips: number;
  readonly arrived: number;
  readonly late: number;
  readonly junked: number;
  readonly altered: number;
  readonly lost: number;
  readonly refused: number;
  /** Nothing is known of them. */
  readonly unable: number;
  readonly underWay: number;
}

const CODES = {
  late: ['late', 'slow'],
  junked: ['junked'],
  altered: ['altered'],
  lost: ['not-arrived'],
  refused: ['not-accepted'],
} as const satisfies Partial<Record<keyof TripCounts, readonly TripCode[]>>;

/** Hosts and trips that are named. */
const MOST = { hosts: 8, last: 5 } as const;
const MINUTE = 60_000;
/** Milliseconds: the interval where no trip shows it. */
const USUAL = 10 * MINUTE;

/** Those of the config first, then those that had a trip in the span. */
export async function readTripReport(
  source: Pick<ReportSource, 'table' | 'config'>,
  span: TimeSpan,
): Promise<readonly TripFigures[]> {
  const store = openTripStore(source.table);
  const configured = source.config?.roundTrips ?? [];
  const names = [...new Set([...configured.map(({ id }) => id), ...(await knownTrips(store))])];
  const all = await Promise.all(
    names.map(async (trip) => {
      const every = configured.find(({ id }) => id === trip)?.every ?? null;
      return tripFigures(trip, await store.trips(trip, span.from - 2 * DAY, span.to - 1), every, span);
    }),
  );
  return all.filter(({ trip, counts }) => counts.trips > 0 || configured.some(({ id }) => id === trip));
}

/** A trip may have an interval of a day. Milliseconds. */
const DAY = 86_400_000;

/** All round trips that ever sent a message to a mailbox that is known. */
export async function knownTrips(store: Pick<TripStore, 'mailboxes'>): Promise<readonly string[]> {
  const mailboxes = await store.mailboxes();
  return [...new Set(mailboxes.flatMap(({ last }) => Object.keys(last)))].sort();
}

/** @param trips oldest first, some of them before the span */
export function tripFigures(
  trip: string,
  trips: readonly TripRecord[],
  every: number | null,
  span: TimeSpan,
): TripFigures {
  const own = trips.filter(({ at }) => at >= span.from && at < span.to);
  const totals = own.flatMap(({ verdict }) => verdict?.total ?? []);
  return {
    trip,
    counts: countsOf(own),
    total: percentiles(totals),
    hops: hopFigures(own),
    last: own.slice(-MOST.last).reverse(),
    ...tripTimes(trips, every ?? intervalOf(trips), span),
  };
}

function countsOf(trips: readonly TripRecord[]): TripCounts {
  const has = (codes: readonly string[]) => trips.filter((one) => codesOf(one).some((code) => codes.includes(code)));
  return {
    trips: trips.length,
    arrived: trips.filter(({ arrivals }) => arrivals.length > 0).length,
    late: has(CODES.late).length,
    junked: has(CODES.junked).length,
    altered: has(CODES.altered).length,
    lost: has(CODES.lost).length,
    refused: has(CODES.refused).length,
    unable: trips.filter(({ verdict }) => verdict?.outcome === 'unable').length,
    underWay: trips.filter(({ verdict }) => verdict === null).length,
  };
}

export function codesOf({ verdict }: Pick<TripRecord, 'verdict'>): readonly string[] {
  return verdict?.findings.map(({ code }) => code) ?? [];
}

function hopFigures(trips: readonly TripRecord[]): readonly HopFigures[] {
  const delays = new Map<string, number[]>();
  for (const { host, delay } of trips.flatMap(({ arrivals: [first] }) => first?.hops ?? []))
    if (host !== null && delay !== null) delays.set(host, [...(delays.get(host) ?? []), delay]);
  const all = [...delays].flatMap(([host, own]): readonly HopFigures[] => {
    const delay = percentiles(own);
    return delay === null ? [] : [{ host, count: own.length, delay }];
  });
  return all.sort((a, b) => b.count - a.count || b.delay[1] - a.delay[1]).slice(0, MOST.hosts);
}

/** The usual interval from one trip to the next. */
function intervalOf(trips: readonly TripRecord[]): number {
  const waits = trips.slice(1).map(({ at }, nth) => at - (trips[nth]?.at ?? at));
  const middle = waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)];
  return Math.max(MINUTE, middle ?? USUAL);
}
