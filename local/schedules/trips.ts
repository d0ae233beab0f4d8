/** The schedule of round trips on one machine. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Table } from '../../lambda/history/table/table.ts';
import type { ReportUnreadable } from '../../lambda/history/table/unreadable.ts';
import { openTripStore } from '../../lambda/history/trips/trip-store.ts';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import type { Ports } from '../../lambda/ports.ts';
import { TRIP_ROUND } from '../../lambda/trip-run/claim-trips.ts';
import type { TripPorts } from '../../lambda/trip-run/trip-ports.ts';
import type { TripReport } from '../../lambda/trip-run/trip-report.ts';
import { watchTrips } from '../../lambda/trip-run/watch-trips.ts';
import { type Schedule, startSchedule } from './schedule.ts';

interface TripOptions {
  readonly table: Table;
  readonly ports: Omit<Ports, 'history'>;
  readonly reportUnreadable: ReportUnreadable;
  onRun(report: TripReport): void;
  onError(error: unknown): void;
}

/** Milliseconds that a run has: one that has sent waits for its message. */
const TIME = 90_000;

/** Runs each minute what the function of round trips runs on AWS. */
export function startTrips({ table, ports, reportUnreadable, onRun, onError }: TripOptions): Schedule {
  if (ports.config.roundTrips === undefined) return { stop: async () => {} };
  const end = new AbortController();
  const own: Omit<TripPorts, 'timeLeft'> = {
    ...ports,
    history: openTripStore(table, reportUnreadable),
    openMailbox: (endpoint, credentials, options) =>
      openMailbox(endpoint, credentials, { ...options, signal: end.signal }),
    probeOptions: { signal: end.signal },
    sleep: (milliseconds) => sleep(milliseconds, undefined, { signal: end.signal, ref: false }).catch(() => {}),
    newId: () => randomBytes(12).toString('hex'),
  };
  const run = async () => {
    const began = performance.now();
    const timeLeft = () => (end.signal.aborted ? 0 : TIME - (performance.now() - began));
    try {
      if (!end.signal.aborted) onRun(await watchTrips({ ...own, timeLeft }));
    } catch (error) {
      onError(error);
    }
  };
  const schedule = startSchedule(TRIP_ROUND, run, ports.now);
  return {
    stop: async () => {
      end.abort();
      await schedule.stop();
    },
  };
}
