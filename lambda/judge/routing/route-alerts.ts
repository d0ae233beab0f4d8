/** Decides who is told of pending alerts, in the notifications of their incidents. */
import type { RoutingContext } from '../../alert/routing/context.ts';
import { matterOf, takeAlert } from '../../alert/routing/take-alert.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { StoredNotification } from '../../consensus/notification/notification.ts';
import type { JudgePorts } from '../../ports.ts';

/** Messages that deliveries are to be made of, and the notifications that have them. */
export interface Routed {
  /** Oldest first. With `to`, unless nothing is routed here. */
  readonly messages: readonly Alert[];
  readonly notifications: readonly StoredNotification[];
}

/**
 * Idempotent under the ids of the alerts: each notification takes its alerts in one conditional write.
 * @param context null where nothing is routed
 */
export async function routeAlerts(
  { notifications: store, now }: JudgePorts,
  owed: readonly Alert[],
  context: RoutingContext | null,
): Promise<Routed> {
  if (store === undefined || context === null) return { messages: owed, notifications: [] };
  const notifications: StoredNotification[] = [];
  for (const [matter, alerts] of byMatter(owed)) {
    const stored = await store.change(matter, (before) =>
      alerts.reduce<ReturnType<typeof takeAlert> | null>(
        (next, alert) => takeAlert(next, alert, context, now()),
        before,
      ),
    );
    if (stored !== null) notifications.push(stored);
  }
  return routedOf(notifications);
}

export function routedOf(notifications: readonly StoredNotification[]): Routed {
  const messages = notifications.flatMap(({ owed }) => owed);
  return { messages: [...messages].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)), notifications };
}

function byMatter(owed: readonly Alert[]): ReadonlyMap<string, readonly Alert[]> {
  const matters = new Map<string, Alert[]>();
  for (const alert of owed) matters.set(matterOf(alert), [...(matters.get(matterOf(alert)) ?? []), alert]);
  return matters;
}

/** Removes the messages whose deliveries are made. Others may have been added since. */
export async function clearMessages({ notifications: store }: JudgePorts, { notifications }: Routed): Promise<void> {
  for (const notification of notifications) {
    if (notification.owed.length === 0) continue;
    const made = new Set(notification.owed.map(({ id }) => id));
    const isMade = ({ id }: Alert) => made.has(id);
    await store?.change(
      notification.incident,
      (stored) => (stored?.owed.some(isMade) ? { ...stored, owed: stored.owed.filter((one) => !isMade(one)) } : stored),
      notification,
    );
  }
}
