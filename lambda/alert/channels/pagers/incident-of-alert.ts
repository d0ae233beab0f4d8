/** What an alert is to a service that has incidents of its own: which one, what to do with it, and how urgent it is. */
import { createHash } from 'node:crypto';
import type { Alert, AlertKind } from '../../../consensus/judgement/incident.ts';
import { type IncidentSeverity, severityOf } from '../../../consensus/notification/severity.ts';

/** What an alert does to the incident of a service. */
export type PagerAction = 'open' | 'acknowledge' | 'close';

/** Kinds that report an end. */
const ENDS: ReadonlySet<AlertKind> = new Set(['recovered', 'posture-over', 'delisted', 'trip-over', 'bounces-over']);

/**
 * A closed incident is only ever closed: with most services a trigger after the end opens another one. So it does not matter
 * what kind of alert brings the end. The end of one finding of several leaves the incident open.
 */
export function actionOf({ kind, is, incident, ...alert }: Alert): PagerAction {
  if (incident === null ? ENDS.has(kind) : incident.closed !== null) return 'close';
  if ((kind === 'blind' || kind === 'undelivered') && is === 'up') return 'close';
  return alert.again?.why === 'acknowledged' ? 'acknowledge' : 'open';
}

/**
 * What is done in turn. An incident that was acknowledged before the service heard of it is opened and acknowledged: services
 * drop the acknowledgement of an incident that they do not know.
 */
export function actionsOf(alert: Alert): readonly PagerAction[] {
  const action = actionOf(alert);
  return action === 'acknowledge' && alert.again?.isFirst === true ? ['open', 'acknowledge'] : [action];
}

/** Characters of a key of PagerDuty. */
const KEY_LENGTH = 255;

/**
 * The key of the incident at the service: the id of the incident, or of an alert that has none. One that is too long, or has
 * characters that may be taken for another one, is hashed.
 * @param monitor the monitor, because several may have targets of one name
 */
export function incidentKey(monitor: string, { id, incident }: Pick<Alert, 'id' | 'incident'>): string {
  return incidentKeyOf(monitor, incident?.id ?? id);
}

/** @param id of the incident */
export function incidentKeyOf(monitor: string, id: string): string {
  const key = `${monitor}/${id}`;
  if (/^[\x21-\x7e]+$/.test(key) && key.length <= KEY_LENGTH) return key;
  return `${monitor.replace(/[^\w-]/g, '').slice(0, 64)}/${createHash('sha256').update(key).digest('hex')}`;
}

/** The worst that the incident had so far, as routing noted it; of an alert that is not routed, its own. */
export function pagerSeverity(alert: Alert): IncidentSeverity {
  return alert.severity ?? severityOf(alert);
}
