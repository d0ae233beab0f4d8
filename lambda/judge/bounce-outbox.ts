import type { StoredBounceVerdict } from '../consensus/bounces/bounce-verdict.ts';
import type { BounceHistory } from '../history/bounces/bounce-history.ts';
import type { Outbox } from './hand-over-alerts.ts';

/**
 * The pending alerts of a sending domain. There is no lease: two judges that hand over the same alerts make each delivery once,
 * because it is made under the id of its alert.
 */
export function bounceOutbox(bounces: BounceHistory, verdict: StoredBounceVerdict): Outbox {
  return {
    name: verdict.domain,
    owed: verdict.owed,
    prepare: async () => {},
    async remove(isHandedOver) {
      let current: StoredBounceVerdict | null = verdict;
      while (current?.owed.some(isHandedOver)) {
        const { version, ...rest }: StoredBounceVerdict = current;
        const owed = rest.owed.filter((alert) => !isHandedOver(alert));
        if (await bounces.writeVerdict({ ...rest, owed }, version)) return;
        current = await bounces.verdict(verdict.domain);
      }
    },
  };
}
