import type { Alert } from '../consensus/judgement/incident.ts';
import type { StoredJudgement } from '../history/history.ts';
import type { BusEvent, Ports } from '../ports.ts';

/** How long one judge alone may tell what is owed; a crash lets it lapse and the next judge tells it. Milliseconds. */
export const leaseLength = 45_000;

const eventTypes = {
  down: 'Target Down',
  degraded: 'Target Degraded',
  recovered: 'Target Recovered',
  unknown: 'Target Unknown',
} as const;

/**
 * Tells the alerts a judgement owes, oldest first, and strikes each off once SNS took it. The judgement is the one just
 * written with this run's lease. Throws where an alert was not taken: it stays owed, and a later judge tells it again
 * under the same id. The event is a courtesy to machines: one that the bus refuses is logged, for repeating it would
 * repeat the alert to people, too.
 * @returns how many were told
 */
export async function deliverPendingAlerts(ports: Ports, judgement: StoredJudgement): Promise<number> {
  if (judgement.incident) await ports.history.writeIncident(judgement.incident);
  let owing: StoredJudgement | null = judgement;
  let told = 0;
  while (owing?.owed[0]) {
    const alert: Alert = owing.owed[0];
    await ports.sendAlert(alert);
    told += 1;
    await ports.publishEvents(eventsOf(alert)).catch((error) => {
      console.error(
        JSON.stringify({ level: 'error', message: 'event not taken', alert: alert.id, error: String(error) }),
      );
    });
    owing = await strike(ports, owing, alert.id);
  }
  return told;
}

/** Takes over alerts that a judge left behind when it ended early. Null when another judge was first, or is at it. */
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

/** A judgement that changed since is read again: the alert is struck off whatever else became of it. */
async function strike(ports: Ports, judgement: StoredJudgement, id: string): Promise<StoredJudgement | null> {
  let current: StoredJudgement | null = judgement;
  while (current?.owed.some((alert) => alert.id === id)) {
    const owed = current.owed.filter((alert) => alert.id !== id);
    const struck = await write(ports, current, owed, owed.length > 0 ? current.lease : null);
    if (struck) return struck;
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
