/** The line of an alert: those of one line are sent in their order. */
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { Again } from '../../consensus/news/again.ts';
import { findingsOfAlert } from '../../consensus/news/posture-news.ts';

export function endsIncident({ incident }: Alert): boolean {
  return incident !== null && incident.closed !== null;
}

const TO_THE_SAME: ReadonlySet<Again['why'] | undefined> = new Set(['reminder', 'acknowledged', 'behind']);

/** Whether it is sent again to those who know of the incident. A step, or what a hold has ended, is news for its receivers. */
export function isKnown({ again }: Alert): boolean {
  return TO_THE_SAME.has(again?.why) && again?.isFirst !== true;
}

/** Whether it is about posture, bounces or round trips, rather than a target or the monitor itself. */
export function isOfDomain(alert: Alert): boolean {
  return findingsOfAlert(alert) !== undefined || alert.bounces !== undefined;
}

/**
 * Alerts of one line are sent in order. Changed facts of a target are a line of their own. A domain or a round trip may have the
 * name of a target.
 */
export function lineOf({ kind, subject, posture, bounces }: Alert): string {
  if (kind === 'trip' || kind === 'trip-over') return `trip ${subject}`;
  if (bounces !== undefined) return `bounces ${subject}`;
  if (posture !== undefined) return `posture ${subject}`;
  return kind === 'changed' ? `changed ${subject}` : subject;
}
