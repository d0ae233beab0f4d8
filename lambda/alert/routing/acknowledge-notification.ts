import type { Alert } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Notification } from '../../consensus/notification/notification.ts';
import { withReissue } from './messages.ts';

/**
 * Ends the steps and reminders of an incident. All who were told learn who acknowledged it. Returns the same notification if
 * it is over or acknowledged already.
 */
export function acknowledgeNotification(before: Notification, by: string, now: number): Notification {
  if (before.closed !== null || before.acknowledged !== null) return before;
  const acknowledged = { at: isoSeconds(now), by };
  const alert = withAcknowledgement(before.alert, acknowledged);
  const reissue = {
    name: 'acknowledged',
    receivers: [...new Set(Object.values(before.told).map(({ receiver }) => receiver))],
    again: { why: 'acknowledged', since: alert.incident?.opened ?? alert.at, by },
    tags: alert.tags ?? [],
    // The words of an alert about a domain are those of its kind.
    kind: alert.posture === undefined && alert.bounces === undefined ? 'update' : alert.kind,
  } as const;
  return withReissue({ ...before, alert, acknowledged }, reissue, now);
}

function withAcknowledgement(alert: Alert, acknowledged: { readonly at: string; readonly by: string }): Alert {
  return alert.incident === null ? alert : { ...alert, incident: { ...alert.incident, acknowledged } };
}
