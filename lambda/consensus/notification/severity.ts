/** How severe an alert is: one table, by its kind and verdict. */
import { isDrill } from '../drill/drill.ts';
import type { Alert, AlertKind } from '../judgement/incident.ts';
import type { Verdict } from '../judgement/vote-and-verdict-definitions.ts';

export type IncidentSeverity = NonNullable<Alert['severity']>;

/** A severity, or the verdict that it follows: the present one, or the one that ended. */
type SeverityRule = IncidentSeverity | 'is' | 'was';

const BY_KIND: Readonly<Record<AlertKind, SeverityRule>> = {
  down: 'critical',
  degraded: 'warning',
  unknown: 'warning',
  recovered: 'was',
  update: 'is',
  flapping: 'is',
  digest: 'is',
  changed: 'info',
  blind: 'warning',
  undelivered: 'warning',
  listed: 'critical',
  delisted: 'critical',
  posture: 'warning',
  'posture-over': 'warning',
  trip: 'warning',
  'trip-over': 'warning',
  bounces: 'warning',
  'bounces-over': 'warning',
  test: 'info',
};

const BY_VERDICT: Readonly<Record<Verdict, IncidentSeverity>> = {
  down: 'critical',
  degraded: 'warning',
  unknown: 'warning',
  up: 'info',
};

const RANK: Readonly<Record<IncidentSeverity, number>> = { critical: 2, warning: 1, info: 0 };

/** A drill is as severe as what it is a drill of: it tests the same way. */
export function severityOf({
  kind,
  is,
  was,
  incident,
}: Pick<Alert, 'kind' | 'is' | 'was' | 'incident'>): IncidentSeverity {
  if (isDrill({ kind, incident })) return 'critical';
  const rule = BY_KIND[kind];
  if (rule === 'was') return BY_VERDICT[was];
  return rule === 'is' ? BY_VERDICT[is === 'up' ? was : is] : rule;
}

export function worst(one: IncidentSeverity, other: IncidentSeverity): IncidentSeverity {
  return RANK[one] >= RANK[other] ? one : other;
}
