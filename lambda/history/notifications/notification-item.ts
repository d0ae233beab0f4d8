/** Notifications as the table keeps them, checked as they are read. */
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { Notification, StoredNotification, Told } from '../../consensus/notification/notification.ts';
import { severityOf } from '../../consensus/notification/severity.ts';
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
  const isEnded = closed !== null && owed.length === 0;
  return {
    ...{ pk: notificationsKey, sk, ...rest, closed, version },
    alert: isEnded ? withoutEvidence(alert) : fitAlerts([alert], LIMITS.latest)[0],
    owed: fitOwed(owed),
    ...(isEnded ? { ttl: Math.floor(now / 1000) + KEPT_SECONDS } : {}),
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

interface Part {
  readonly what: string;
  holds(value: unknown): boolean;
  /** What stands for it if it is damaged: rather a message too many than one too few. */
  instead(alert: Alert, version: number): unknown;
}

const isTexts = (value: unknown) => isListOf(value, isText);
const none = () => null;
const empty = () => ({});

const PARTS: Readonly<Record<Exclude<keyof Notification, 'incident' | 'alert' | 'inherited'>, Part>> = {
  severity: { what: 'the severity', holds: isSeverity, instead: severityOf },
  since: { what: 'who was told', holds: (value) => isMapOf(value, isTime), instead: empty },
  told: { what: 'who was told', holds: (value) => isMapOf(value, isTold), instead: empty },
  waiting: { what: 'a list', holds: isTexts, instead: () => [] },
  held: { what: 'the hold', holds: (value) => value === null || isHold(value), instead: none },
  acknowledged: {
    what: 'the acknowledgement',
    holds: (value) => value === null || isAcknowledgement(value),
    instead: none,
  },
  owed: { what: 'an alert', holds: (value) => isListOf(value, isAlert), instead: () => [] },
  taken: { what: 'a list', holds: isTexts, instead: ({ id }) => [id] },
  // A message with the id of another would not be sent.
  reissued: { what: 'a count', holds: isCount, instead: (_, version) => 100 * version },
  listed: { what: 'a list', holds: isTexts, instead: () => [] },
  closed: { what: 'its end', holds: (value) => value === null || isTime(value), instead: none },
};

/** Whether the notification of an item is closed, and nothing of it is to be handed over. */
export function isOver({ closed, owed }: Item): boolean {
  return isTime(closed) && Array.isArray(owed) && owed.length === 0;
}

/** @throws where it is none */
export function notificationOf({ pk: _pk, sk, ttl: _ttl, written: _written, ...item }: Item): StoredNotification {
  must(isAlert(item.alert), 'an alert');
  must(isCount(item.version), 'a count');
  for (const [name, { what, holds }] of Object.entries(PARTS)) must(holds(item[name]), what);
  return { ...(item as unknown as Omit<StoredNotification, 'incident'>), incident: sk };
}

/**
 * What is left of a damaged one, so that an incident that nobody was told of yet is not forgotten. If it is not known who was
 * told, all are told again. Null without its alert.
 */
export function salvagedNotification(item: Item): StoredNotification | null {
  const { alert, version } = item;
  if (!isAlert(alert) || !isCount(version)) return null;
  const parts = Object.entries(PARTS).map(([name, { holds, instead }]) => {
    return [name, holds(item[name]) ? item[name] : instead(alert, version)] as const;
  });
  const isKnown = PARTS.told.holds(item.told) && item.inherited !== true;
  return notificationOf({
    ...{ pk: item.pk, sk: item.sk, alert, version, ...Object.fromEntries(parts) },
    ...(isKnown ? {} : { inherited: true }),
  });
}

function isSeverity(value: unknown): boolean {
  return value === 'critical' || value === 'warning' || value === 'info';
}

function isTold(value: unknown): value is Told {
  if (!isFields(value)) return false;
  const { receiver, first, last, times, reminders, alert } = value;
  return isText(receiver) && isTime(first) && isTime(last) && isCount(times) && isCount(reminders) && isText(alert);
}

function isAcknowledgement(value: unknown): boolean {
  return isFields(value) && isTime(value.at) && isText(value.by);
}
