import { type Delivery, deliveryKey } from '../../../lambda/alert/delivery/delivery.ts';
import type { Alert, AlertKind, Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';

export const start = Date.parse('2026-11-22T05:00:00Z');
export const minute = 60_000;

const VERDICTS = { down: 'down', recovered: 'up', degraded: 'degraded', unknown: 'unknown' } as const;

/** An alert of a target, decided so many minutes after the start. The number is that of the incident. */
export function alertAt(minutes: number, kind: AlertKind, subject: string, number: number | null = 1): Alert {
  const at = isoSeconds(start + minutes * minute);
  const is = VERDICTS[kind as keyof typeof VERDICTS] ?? 'down';
  const opened = isoSeconds(start + (number ?? 0) * 1000);
  const incident: Incident | null =
    number === null
      ? null
      : {
          id: `${subject}@${opened}`,
          target: subject,
          opened,
          closed: kind === 'recovered' ? at : null,
          verdict: 'down',
          witnesses: [],
          timeline: [],
        };
  return {
    id: `${incident?.id ?? subject}#${minutes}-${kind}`,
    kind,
    subject,
    at,
    was: is === 'up' ? 'down' : 'up',
    is,
    incident,
    votes: [],
    reason: '2 of 3',
  };
}

const ENDS: ReadonlySet<AlertKind> = new Set(['delisted', 'posture-over', 'bounces-over', 'trip-over']);

/** An alert of a domain or a round trip, without findings. */
export function domainAlertAt(minutes: number, kind: AlertKind, subject: string): Alert {
  const { incident, ...alert } = alertAt(minutes, kind, subject);
  const closed = ENDS.has(kind) ? alert.at : null;
  const news = kind.startsWith('bounces')
    ? { bounces: { rates: [], more: 0 } }
    : { posture: { findings: [], more: 0, warnings: [] } };
  return { ...alert, ...news, incident: incident && { ...incident, closed } };
}

export function deliveryOf(alert: Alert, made = Date.parse(alert.at)): Delivery {
  return { key: deliveryKey(alert), alert, made };
}

export function pendingOf(...alerts: readonly Alert[]): [Delivery, ...Delivery[]] {
  const sorted = alerts.map((alert) => deliveryOf(alert)).sort((a, b) => (a.key < b.key ? -1 : 1));
  return sorted as [Delivery, ...Delivery[]];
}
