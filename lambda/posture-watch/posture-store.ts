/** What a run of posture reads and writes. */
import type { ServedTarget } from '../history/packing/read-served-hosts.ts';
import { openPostureRecorder, type PostureRecorder } from '../history/posture/record-posture.ts';
import { postureLeftKey, tripKey } from '../history/table/keys.ts';
import type { Table } from '../history/table/table.ts';
import { type ReportUnreadable, readable, reportOnce } from '../history/table/unreadable.ts';
import { type TripRecord, tripOf } from '../history/trips/trip-record.ts';
import type { ServedHost } from '../smtp/sample/served-host.ts';
import type { Left } from './domain-order.ts';
import { readServedHosts } from './served-hosts.ts';

export interface PostureStore extends PostureRecorder {
  /** Where the next run continues; null if the last one came to its end. */
  readLeft(vantage: string): Promise<Left | null>;
  writeLeft(vantage: string, left: Left | null): Promise<void>;
  /** The hosts of the targets, as the probe of a vantage saw them in the last hours. */
  servedHosts(vantage: string, targets: readonly ServedTarget[]): Promise<readonly ServedHost[]>;
  /** The newest trips of a round trip that were claimed since a time, epoch milliseconds, newest first. */
  newestTrips(roundTrip: string, since: number): Promise<readonly TripRecord[]>;
}

interface StoreOptions {
  readonly now: () => number;
  readonly reportUnreadable: ReportUnreadable;
}

/** Trips that are read of a round trip: some 75 KB. */
const MOST_TRIPS = 50;
/** Seconds. A run that comes later begins anew. */
const LEFT_KEPT = 24 * 3600;

export function openPostureStore(table: Table, { now, reportUnreadable }: StoreOptions): PostureStore {
  const tell = reportOnce(reportUnreadable);
  return {
    ...openPostureRecorder(table, { now, reportUnreadable: tell }),
    async readLeft(vantage) {
      const item = await table.get(postureLeftKey.pk, postureLeftKey.sk(vantage));
      if (item === null) return null;
      const { from, before, scope } = item;
      if (typeof from !== 'string' || typeof before !== 'string') return null;
      return scope === 'all' || scope === 'lists' ? { from, before, scope } : null;
    },
    async writeLeft(vantage, left) {
      const key = { pk: postureLeftKey.pk, sk: postureLeftKey.sk(vantage) };
      await table.put({ ...key, ttl: Math.floor(now() / 1000) + LEFT_KEPT, ...left });
    },
    async newestTrips(roundTrip, since) {
      const range = { from: tripKey.sk(since), newestFirst: true, limit: MOST_TRIPS };
      return readable(await table.query(tripKey.pk(roundTrip), range), tripOf, tell);
    },
    servedHosts: (vantage, targets) => readServedHosts(table, { vantage, targets, now: now() }, tell),
  };
}
