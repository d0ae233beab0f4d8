/**
 * Withdraws round trips that are no longer in the config, and hands over the pending alerts of all. Verdicts are made where trips end:
 * `lambda/trip-run/end-trips.ts`.
 */
import { withdrawTrip } from '../consensus/trips/judge-trip.ts';
import type { StoredRoundTripVerdict } from '../consensus/trips/round-trip-verdict.ts';
import type { TripStore } from '../history/trips/trip-store.ts';
import type { JudgePorts } from '../ports.ts';
import { openPassFailures } from './pass/pass-failures.ts';
import { attempt, runEach } from './pass/run-each-despite-errors.ts';
import { handOverVerdicts, type VerdictStore } from './verdict-outbox.ts';

export interface TripHandOver {
  /** Alerts that were handed over to the channels. */
  readonly told: number;
  readonly failed: readonly string[];
}

/** What cannot be handed over stays pending for the next judge. */
export async function handOverTrips(ports: JudgePorts): Promise<TripHandOver> {
  const { trips, config, log, now } = ports;
  if (trips === undefined) return { told: 0, failed: [] };
  const failed = openPassFailures(log);
  const stored = (await attempt('round trips', trips.verdicts(), failed)) ?? [];
  const watched = new Set(config.roundTrips?.map(({ id }) => id));
  const verdicts = await runEach(
    stored,
    ({ trip }) => trip,
    (verdict) => (watched.has(verdict.trip) ? Promise.resolve(verdict) : withdraw(trips, verdict, now())),
    failed,
  );
  const store: VerdictStore<StoredRoundTripVerdict> = { ...trips, nameOf: ({ trip }) => trip };
  const told = await attempt('round trips', handOverVerdicts(ports, verdicts, store, failed), failed);
  return { told: told ?? 0, failed: failed.names() };
}

/** Null if another run or judge was first: the next judge does the rest. */
async function withdraw(
  trips: TripStore,
  verdict: StoredRoundTripVerdict,
  now: number,
): Promise<StoredRoundTripVerdict | null> {
  const next = withdrawTrip(verdict, now);
  if (next === verdict) return verdict;
  const { version } = verdict;
  return (await trips.writeVerdict(next, version)) ? { ...next, version: version + 1 } : null;
}
