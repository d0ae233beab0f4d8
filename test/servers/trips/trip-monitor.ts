/** The monitor's runs of round trips, with a table in memory, and a clock that can be moved on. */

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { TripRecord } from '../../../lambda/history/trips/trip-record.ts';
import { openTripStore, type TripStore } from '../../../lambda/history/trips/trip-store.ts';
import { openMailbox } from '../../../lambda/mailbox/open-mailbox.ts';
import type { TripPorts } from '../../../lambda/trip-run/trip-ports.ts';
import type { MailboxRunReport } from '../../../lambda/trip-run/trip-report.ts';
import { watchTrips } from '../../../lambda/trip-run/watch-trips.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';
import { TRIP_SECRETS, type TripOrder, tripConfig } from './trip-config.ts';
import type { TripLab } from './trip-lab.ts';

const MINUTE = 60_000;
/** A run waits for up to 45 s for what it has sent; here it is 2 s. */
const FASTER = 20;
const MOST_ROUNDS = 30;
/** Milliseconds between two runs: at first, and at last. A busy machine needs longer than a moment for a message. */
const PAUSE = { first: 300, last: 5_000 } as const;

export interface TripMonitor {
  readonly store: TripStore;
  /** One run at one vantage. Throws if it could not be done at all. */
  run(vantage?: string): Promise<MailboxRunReport>;
  /** Moves the clock on by minutes. */
  wait(minutes: number): void;
  /** Runs each minute until a trip has ended, or until `isEnough`. */
  untilEnd(isEnough?: (record: TripRecord) => boolean, minutes?: number): Promise<TripRecord>;
  /** What people are to be told. */
  alerts(): Promise<readonly string[]>;
}

/** @param faster by which factor waits within a run are shorter */
export function startTripMonitor(
  lab: TripLab,
  order: TripOrder,
  vantages: readonly string[] = ['local'],
  faster = FASTER,
): TripMonitor {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const store = openTripStore(openInMemoryTable(now));
  const config = tripConfig(lab, [order], vantages);
  const ports = (vantage: string): TripPorts => ({
    ...{ config, vantage, history: store, openMailbox, now },
    publishEvents: async () => {},
    secret: async (reference) => secretOf('env' in reference ? reference.env : ''),
    log: () => {},
    sleep: async (milliseconds) => void (await pause(milliseconds / faster)),
    timeLeft: () => 90_000,
    newId: () => randomBytes(12).toString('base64url'),
  });
  const run = async (vantage = vantages[0] ?? '') => {
    const [report] = (await watchTrips(ports(vantage))).mailboxes;
    if (report === undefined || report.failed !== null) throw new Error(report?.failed ?? 'no mailbox');
    return report;
  };
  const wait = (minutes: number) => {
    ahead += minutes * MINUTE;
  };
  return {
    store,
    run,
    wait,
    untilEnd: async (isEnough = () => true, minutes = 1) => {
      for (let round = 0; round < MOST_ROUNDS; round++, wait(minutes)) {
        const { ended } = await run(vantages[round % vantages.length]);
        const found = ended.find(isEnough);
        if (found !== undefined) return found;
        await pause(Math.min(PAUSE.first * (round + 1), PAUSE.last));
      }
      throw new Error(`no trip ended in ${MOST_ROUNDS} rounds`);
    },
    alerts: async () => {
      const verdict = await store.verdict(order.seed);
      return (verdict?.owed ?? []).map(({ kind, reason }) => `${kind}: ${reason}`);
    },
  };
}

function secretOf(name: string): string {
  const known: Readonly<Record<string, string>> = TRIP_SECRETS;
  const secret = known[name];
  if (secret === undefined) throw new Error(`no secret ${name}`);
  return secret;
}
