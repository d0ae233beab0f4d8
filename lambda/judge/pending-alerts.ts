/** Delivers pending alerts, which judgements store as `owed`. */
import type { Alert } from '../consensus/judgement/incident.ts';
import type { StoredJudgement } from '../history/history.ts';
import type { BusEvent, Ports } from '../ports.ts';

/**
 * Milliseconds for which one judge alone may deliver pending alerts. After a crash the lease expires and the next judge
 * delivers them.
 */
export const leaseLength = 45_000;

const eventTypes = {
  down: 'Target Down',
  degraded: 'Target Degraded',
  recovered: 'Target Recovered',
  unknown: 'Target Unknown',
} as const;

/**
 * Delivers the pending alerts of a judgement, oldest first, and removes each after SNS accepted it. The judgement must be
 * the one just written with this run's lease. Throws if an alert was not accepted: it stays pending, and a later judge
 * sends it again under the same id. An event that the bus refuses is only logged, because a retry would repeat the alert.
 * @returns the number of delivered alerts
 */
export async function deliverPendingAlerts(ports: Ports, judgement: StoredJudgement): Promise<number> {
  if (judgement.incident) await ports.history.writeIncident(judgement.incident);
  let pending: StoredJudgement | null = judgement;
  let delivered = 0;
  while (pending?.owed[0]) {
    const alert: Alert = pending.owed[0];
    await ports.sendAlert(alert);
    delivered += 1;
    await ports.publishEvents(eventsOf(alert)).catch((error) => {
      ports.log({ level: 'error', message: 'event not taken', facts: { alert: alert.id, error: String(error) } });
    });
    pending = await removeAlert(ports, pending, alert.id);
  }
  return delivered;
}

/** Takes over pending alerts of a judge that ended early. Null if another judge wrote first, or holds the lease. */
export async function takeOverLease(
  ports: Ports,
  judgement: StoredJudgement,
  by: string,
): Promise<StoredJudgement | null> {
  const now = ports.now();
  if (judgement.owed.length === 0 || (judgement.lease && judgement.lease.until > now)) return null;
  return write(ports, judgement, judgement.owed, { by, until: now + leaseLength });
}

function eventsOf(alert: Alert): readonly BusEvent[] {
  const type = eventTypes[alert.kind as keyof typeof eventTypes];
  return type ? [{ type, detail: alert }] : [];
}

/** Removes a delivered alert. If the judgement has changed since, it is read again and the alert removed from that. */
async function removeAlert(ports: Ports, judgement: StoredJudgement, id: string): Promise<StoredJudgement | null> {
  let current: StoredJudgement | null = judgement;
  while (current?.owed.some((alert) => alert.id === id)) {
    const owed = current.owed.filter((alert) => alert.id !== id);
    const written = await write(ports, current, owed, owed.length > 0 ? current.lease : null);
    if (written) return written;
    current = await ports.history.judgement(judgement.target);
  }
  return null;
}

async function write(
  ports: Ports,
  judgement: StoredJudgement,
  owed: readonly Alert[],
  lease: StoredJudgement['lease'],
): Promise<StoredJudgement | null> {
  const { version, lease: _, ...rest } = judgement;
  const written = await ports.history.writeJudgement({ ...rest, owed }, version, lease);
  return written ? { ...rest, owed, version: version + 1, lease } : null;
}
