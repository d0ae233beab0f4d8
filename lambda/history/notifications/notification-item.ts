/** Notifications as the table keeps them, checked as they are read. */
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { Notification, StoredNotification, Told } from '../../consensus/notification/notification.ts';
import { isAlert, isHold } from '../packing/judgement-item.ts';
import { boundAlerts, shortenAlert } from '../packing/shrink-judgement-to-fit-item.ts';
import { valueSize } from '../table/item-size.ts';
import { notificationsKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isCount, isFields, isListOf, isMapOf, isText, isTime } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

/** A closed one is only asked whether it has taken an alert. */
const KEPT_SECONDS = 2 * 86_400;
/** Octets. All open ones are read each minute. */
const LIMITS = { latest: 12 * 1024, owed: 110 * 1024 } as const;
/** Lines kept of each transcript. The first limit that fits is used. */
const LINES = [Number.POSITIVE_INFINITY, 60, 20, 5, 0] as const;

export function notificationItem(notification: Notification, version: number, now: number): Item {
  const { incident: sk, alert, owed, closed, ...rest } = notification;
  const isOver = closed !== null && owed.length === 0;
  return {
    ...{ pk: notificationsKey, sk, ...rest, closed, version },
    alert: isOver ? withoutEvidence(alert) : fitAlerts([alert], LIMITS.latest)[0],
    owed: fitOwed(owed),
    ...(isOver ? { ttl: Math.floor(now / 1000) + KEPT_SECONDS } : {}),
  };
}

/** The oldest are folded into one digest for all their receivers, if they are pending for long. */
function fitOwed(owed: readonly Alert[]): readonly Alert[] {
  const fitted = boundAlerts(fitAlerts(owed, LIMITS.owed));
  const [digest, ...kept] = fitted;
  if (digest === undefined || owed.some(({ id }) => id === digest.id)) return fitted;
  const folded = owed.slice(0, owed.length - kept.length);
  const to = [...new Set(folded.flatMap((alert) => alert.to ?? []))];
  return [{ ...digest, to }, ...kept];
}

function fitAlerts(alerts: readonly Alert[], octets: number): readonly Alert[] {
  const shorter = LINES.map((lines) => alerts.map((alert) => shortenAlert(alert, lines)));
  const fitting = shorter.find((candidate) => valueSize(candidate) <= octets);
  return fitting ?? alerts.map(withoutEvidence);
}

/** A reply or a list of findings may be large without any transcript. Who is told, and of what, remains. */
function withoutEvidence(alert: Alert): Alert {
  const { incident } = alert;
  const bare = incident === null ? null : { ...incident, witnesses: [], timeline: [] };
  return { ...alert, incident: bare, votes: [] };
}

/** @throws where it is none */
export function notificationOf({ pk: _pk, sk, ttl: _ttl, written: _written, ...item }: Item): StoredNotification {
  const { alert, severity, since, told, waiting, held, acknowledged, owed, taken, reissued, listed, closed } = item;
  must(isAlert(alert) && isListOf(owed, isAlert), 'an alert');
  must(severity === 'critical' || severity === 'warning' || severity === 'info', 'the severity');
  must(isMapOf(since, isTime) && isMapOf(told, isTold), 'who was told');
  must(
    [waiting, taken, listed].every((ids) => isListOf(ids, isText)),
    'a list',
  );
  must(held === null || isHold(held), 'the hold');
  must(acknowledged === null || isAcknowledgement(acknowledged), 'the acknowledgement');
  must(isCount(reissued) && isCount(item.version), 'a count');
  must(closed === null || isTime(closed), 'its end');
  return { ...(item as unknown as Omit<StoredNotification, 'incident'>), incident: sk };
}

function isTold(value: unknown): value is Told {
  if (!isFields(value)) return false;
  const { receiver, first, last, times, reminders, alert } = value;
  return isText(receiver) && isTime(first) && isTime(last) && isCount(times) && isCount(reminders) && isText(alert);
}

function isAcknowledgement(value: unknown): boolean {
  return isFields(value) && isTime(value.at) && isText(value.by);
}
