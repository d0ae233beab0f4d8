import type { StoredPostureVerdict } from '../../consensus/posture/posture-verdict.ts';
import type { PostureHistory } from '../../history/posture/posture-history.ts';
import type { Outbox } from '../hand-over-alerts.ts';

/**
 * The pending alerts of a domain. There is no lease: two judges that hand over the same alerts make each delivery once, because
 * it is made under the id of its alert.
 */
export function postureOutbox(postures: PostureHistory, verdict: StoredPostureVerdict): Outbox {
  return {
    name: verdict.domain,
    owed: verdict.owed,
    prepare: async () => {},
    async remove(isHandedOver) {
      let current: StoredPostureVerdict | null = verdict;
      while (current?.owed.some(isHandedOver)) {
        const { version, ...rest }: StoredPostureVerdict = current;
        const owed = rest.owed.filter((alert) => !isHandedOver(alert));
        if (await postures.writePostureVerdict({ ...rest, owed }, version)) return;
        current = await postures.postureVerdict(verdict.domain);
      }
    },
  };
}
