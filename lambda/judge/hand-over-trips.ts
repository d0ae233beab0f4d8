/** Hands over the pending alerts of round trips. Their verdicts are made where trips end: `lambda/trip-run/end-trips.ts`. */
import type { StoredRoundTripVerdict } from '../consensus/trips/round-trip-verdict.ts';
import type { JudgePorts } from '../ports.ts';
import { openPassFailures } from './pass/pass-failures.ts';
import { attempt } from './pass/run-each-despite-errors.ts';
import { handOverVerdicts, type VerdictStore } from './verdict-outbox.ts';

export interface TripHandOver {
  /** Alerts that were handed over to the channels. */
  readonly told: number;
  readonly failed: readonly string[];
}

/** What cannot be handed over stays pending for the next judge. */
export async function handOverTrips(ports: JudgePorts): Promise<TripHandOver> {
  const { trips, config, log } = ports;
  if (trips === undefined || config.roundTrips === undefined) return { told: 0, failed: [] };
  const failed = openPassFailures(log);
  const verdicts = (await attempt('round trips', trips.verdicts(), failed)) ?? [];
  const store: VerdictStore<StoredRoundTripVerdict> = { ...trips, nameOf: ({ trip }) => trip };
  const told = await attempt('round trips', handOverVerdicts(ports, verdicts, store, failed), failed);
  return { told: told ?? 0, failed: failed.names() };
}
