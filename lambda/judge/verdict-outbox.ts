/** The verdicts of domains, senders and round trips: how they are written, and how their pending alerts are handed over. */
import type { Alert } from '../consensus/judgement/incident.ts';
import type { JudgePorts } from '../ports.ts';
import { handOverAlerts, type Outbox } from './hand-over-alerts.ts';
import type { PassFailures } from './pass/pass-failures.ts';

interface VersionedVerdict {
  readonly owed: readonly Alert[];
  readonly version: number;
}

/** Where verdicts of one kind are stored. */
export interface VerdictStore<Verdict extends VersionedVerdict> {
  /** The domain or the round trip. */
  nameOf(verdict: Verdict): string;
  verdict(name: string): Promise<Verdict | null>;
  /** Writes only if the stored version is still `expected` (0: there is none). False when somebody else was first. */
  writeVerdict(verdict: Verdict, expected: number): Promise<boolean>;
}

/**
 * Hands over the pending alerts. There is no lease: two judges that hand over the same alerts make each delivery once, because
 * it is made under the id of its alert. Returns the number of alerts.
 */
export async function handOverVerdicts<Verdict extends VersionedVerdict>(
  ports: JudgePorts,
  verdicts: readonly (Verdict | null)[],
  store: VerdictStore<Verdict>,
  failed: PassFailures,
): Promise<number> {
  const owing = verdicts.filter((verdict) => verdict !== null).filter(({ owed }) => owed.length > 0);
  const outboxes = owing.map((verdict) => outboxOf(verdict, store));
  return (await handOverAlerts(ports, outboxes, failed)).alerts;
}

function outboxOf<Verdict extends VersionedVerdict>(verdict: Verdict, store: VerdictStore<Verdict>): Outbox {
  const name = store.nameOf(verdict);
  return {
    name,
    owed: verdict.owed,
    prepare: async () => {},
    async remove(isHandedOver) {
      let current: Verdict | null = verdict;
      while (current?.owed.some(isHandedOver)) {
        const owed: readonly Alert[] = current.owed.filter((alert) => !isHandedOver(alert));
        if (await store.writeVerdict({ ...current, owed }, current.version)) return;
        current = await store.verdict(name);
      }
    },
  };
}
