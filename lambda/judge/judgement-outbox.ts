/** The pending alerts of judgements: who may hand them over, and how they are removed. */
import type { Alert } from '../consensus/judgement/incident.ts';
import type { StoredJudgement } from '../history/history.ts';
import { fitJudgement } from '../history/packing/shrink-judgement-to-fit-item.ts';
import type { JudgePorts } from '../ports.ts';
import type { Outbox } from './hand-over-alerts.ts';

/**
 * Milliseconds for which one judge alone may hand over pending alerts. After a crash the lease expires and the next judge
 * hands them over.
 */
export const leaseLength = 45_000;

/** The outbox of a judgement that was just written with this run's lease. */
export function judgementOutbox(ports: JudgePorts, judgement: StoredJudgement): Outbox {
  const { target, owed, incident } = judgement;
  return {
    name: target,
    owed,
    async prepare() {
      if (incident) await ports.history.writeIncident(incident);
    },
    remove: (isHandedOver) => removeAlerts(ports, judgement, isHandedOver),
  };
}

/** Takes over pending alerts of a judge that ended early. Null if another judge wrote first, or holds the lease. */
export async function takeOverLease(
  ports: JudgePorts,
  judgement: StoredJudgement,
  by: string,
): Promise<StoredJudgement | null> {
  const now = ports.now();
  if (judgement.owed.length === 0 || isHeldByOther(ports, judgement.lease, by)) return null;
  return write(ports, judgement, judgement.owed, { by, until: now + leaseLength });
}

/** Whether another judge hands over the pending alerts now. */
export function isHeldByOther(
  { now, isAlone }: Pick<JudgePorts, 'now' | 'isAlone'>,
  lease: StoredJudgement['lease'] | undefined,
  by: string,
): boolean {
  return lease != null && lease.by !== by && lease.until > now() && isAlone !== true;
}

/**
 * Removes the alerts that were handed over. If the judgement has changed since, it is read again and the alerts removed
 * from that, also a digest into which another judge has folded only such alerts.
 */
async function removeAlerts(
  ports: JudgePorts,
  judgement: StoredJudgement,
  isHandedOver: (alert: Alert) => boolean,
): Promise<StoredJudgement | null> {
  let current: StoredJudgement | null = judgement;
  while (current?.owed.some(isHandedOver)) {
    const owed: readonly Alert[] = current.owed.filter((alert) => !isHandedOver(alert));
    const written = await write(ports, current, owed, owed.length > 0 ? current.lease : null);
    if (written) return written;
    current = await ports.history.judgement(judgement.target);
  }
  return null;
}

async function write(
  ports: JudgePorts,
  judgement: StoredJudgement,
  owed: readonly Alert[],
  lease: StoredJudgement['lease'],
): Promise<StoredJudgement | null> {
  const { version, lease: _, ...rest } = judgement;
  const next = fitJudgement({ ...rest, owed });
  const written = await ports.history.writeJudgement(next, version, lease);
  return written ? { ...next, version: version + 1, lease } : null;
}
