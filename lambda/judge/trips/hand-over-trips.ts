/** Hands over the pending alerts of round trips. Their verdicts are made where trips end: `lambda/trip-run/end-trips.ts`. */
import type { StoredRoundTripVerdict } from '../../consensus/trips/round-trip-verdict.ts';
import type { TripStore } from '../../history/trips/trip-store.ts';
import type { JudgePorts } from '../../ports.ts';
import { handOverAlerts, type Outbox } from '../hand-over-alerts.ts';
import { openPassFailures } from '../pass/pass-failures.ts';
import { attempt } from '../pass/run-each-despite-errors.ts';

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
  const owing = verdicts.filter(({ owed }) => owed.length > 0);
  if (owing.length === 0) return { told: 0, failed: failed.names() };
  const outboxes = owing.map((verdict) => tripOutbox(trips, verdict));
  const done = await attempt('round trips', handOverAlerts(ports, outboxes, failed), failed);
  return { told: done?.alerts ?? 0, failed: failed.names() };
}

/** There is no lease, as for posture: each delivery is made once, because it is made under the id of its alert. */
function tripOutbox(trips: TripStore, verdict: StoredRoundTripVerdict): Outbox {
  return {
    name: verdict.trip,
    owed: verdict.owed,
    prepare: async () => {},
    async remove(isHandedOver) {
      let current: StoredRoundTripVerdict | null = verdict;
      while (current?.owed.some(isHandedOver)) {
        const { version, ...rest }: StoredRoundTripVerdict = current;
        const owed = rest.owed.filter((alert) => !isHandedOver(alert));
        if (await trips.writeVerdict({ ...rest, owed }, version)) return;
        current = await trips.verdict(verdict.trip);
      }
    },
  };
}
