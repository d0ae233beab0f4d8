/** What becomes of a notification when the judge has an alert of its incident. */
import { isDrill } from '../../consensus/drill/drill.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { Notification } from '../../consensus/notification/notification.ts';
import { severityOf, worst } from '../../consensus/notification/severity.ts';
import { asReportOfMonitor } from '../drill/drill-alerts.ts';
import type { RoutingContext } from './context.ts';
import type { RoutedEntry } from './entry.ts';
import { entriesFor } from './match.ts';
import { toldReceivers, withMessage } from './messages.ts';
import { withOpenNews, withoutEnded } from './news.ts';
import { settle } from './settle.ts';

/** More than the alerts that are pending of one incident at any time. */
const MOST_TAKEN = 50;

/** The id of the notification that an alert belongs to. */
export function matterOf({ incident, id }: Pick<Alert, 'incident' | 'id'>): string {
  return incident?.id ?? id;
}

/**
 * Idempotent under the id of the alert.
 * @param before null if there is none
 */
export function takeAlert(
  before: Notification | null,
  alert: Alert,
  context: RoutingContext,
  now: number,
): Notification {
  if (before?.taken.includes(alert.id)) return before;
  const present = before === null ? null : presentFor(before, alert, context, now);
  const notification = { ...(present ?? newNotification(alert)), ...takenOf(present, alert) };
  if (isEnd(alert)) return takeEnd(notification, alert, present !== null && !isInherited(present), context, now);
  if (notification.closed !== null) return tellLate(notification, alert, context);
  const tags = context.tagsOf(alert);
  const latest = { ...withOpenNews(present?.alert ?? null, alert), ...(tags.length === 0 ? {} : { tags }) };
  return asDecided(settle({ ...notification, alert: latest }, context, now, 'alert'), alert);
}

/**
 * The notification as the alert finds it. What is new of a domain does not contain what was open before: who is due hears that
 * first. A notification that was closed by mistake is open again.
 */
function presentFor(before: Notification, alert: Alert, context: RoutingContext, now: number): Notification {
  if (before.closed !== null) {
    const isOpenAgain = alert.incident?.closed === null && !isEnd(alert) && alert.at > before.closed;
    return isOpenAgain ? { ...before, alert, closed: null, held: null, waiting: [] } : before;
  }
  const hasParts = alert.posture !== undefined || alert.bounces !== undefined;
  return hasParts && !isEnd(alert) ? settle(before, context, now, 'time') : before;
}

function newNotification(alert: Alert): Notification {
  return {
    ...{ incident: matterOf(alert), alert, severity: severityOf(alert), since: {}, told: {}, waiting: [] },
    ...{ held: null, acknowledged: alert.incident?.acknowledged ?? null, owed: [], taken: [], reissued: 0, listed: [] },
    ...(isFirst(alert) ? {} : { inherited: true as const }),
    closed: null,
  };
}

function takenOf(before: Notification | null, alert: Alert): Pick<Notification, 'taken' | 'severity'> {
  const taken = [...(before?.taken ?? []), alert.id].slice(-MOST_TAKEN);
  const severity = severityOf(alert);
  return { taken, severity: before === null ? severity : worst(before.severity, severity) };
}

/** Of the alerts of a target, the id has the number. Those of the others are all of one topic. */
function isFirst({ id, posture, bounces }: Alert): boolean {
  const number = /#(\d+)-/.exec(id.slice(id.lastIndexOf('#')))?.[1];
  return number === undefined || Number(number) <= 1 || posture !== undefined || bounces !== undefined;
}

/** Whether the previous release may have told others of the beginning. */
function isInherited({ inherited }: Notification): boolean {
  return inherited === true;
}

const PARTS: ReadonlySet<Alert['kind']> = new Set([
  'recovered',
  'posture-over',
  'delisted',
  'trip-over',
  'bounces-over',
]);

/** Whether it is the end of an incident, or of a part of it. */
export function isEnd({ kind, incident }: Alert): boolean {
  return PARTS.has(kind) || (incident !== null && incident.closed !== null);
}

/**
 * The end goes to exactly those who were told, whatever the rules say now. If the previous release told them, it is not known
 * who they were: it goes to all who want it. The end of a drill is also for those who are told of the monitor.
 */
function takeEnd(
  notification: Notification,
  alert: Alert,
  isKnown: boolean,
  context: RoutingContext,
  now: number,
): Notification {
  const told = toldReceivers(notification, context.entries);
  const others = isKnown && !isDrill(alert) ? [] : entriesFor(asReportOfMonitor(alert), context);
  const isOpenFor = ({ hours }: RoutedEntry) =>
    !isDrill(alert) || hours === undefined || context.isWithinHours(hours, now);
  const after = withMessage(
    notification,
    alert,
    [...told, ...others.filter(isOpenFor).map(({ receiver }) => receiver)],
    context.tagsOf(alert),
  );
  if (isPartOfOpen(notification, alert)) return { ...after, alert: withoutEnded(after.alert, alert) };
  return { ...after, closed: alert.at, held: null, waiting: [] };
}

/** Whether the end of a part leaves an incident open whose beginning is known. */
function isPartOfOpen(notification: Notification, { incident, id }: Alert): boolean {
  return incident !== null && incident.closed === null && notification.alert.id !== id && notification.closed === null;
}

/** An alert that was overtaken by the end of its incident. */
function tellLate(notification: Notification, alert: Alert, context: RoutingContext): Notification {
  const receivers = entriesFor(alert, context).map(({ receiver }) => receiver);
  return withMessage(notification, alert, receivers, context.tagsOf(alert));
}

/** Those who are told at once hear what is new, and not again what was open before. */
function asDecided(notification: Notification, alert: Alert): Notification {
  const owed = notification.owed.map((message) =>
    message.id === alert.id ? { ...message, ...newsOf(alert) } : message,
  );
  return { ...notification, owed };
}

function newsOf({ posture, trip, bounces }: Alert): Pick<Alert, 'posture' | 'trip' | 'bounces'> {
  return { ...(posture && { posture }), ...(trip && { trip }), ...(bounces && { bounces }) };
}
