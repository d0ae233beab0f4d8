/** The list of a digest, for people. */
import type { Digest, DigestedAlert } from '../../../consensus/judgement/incident.ts';
import type { EvidenceLimits } from '../evidence-limits.ts';
import { safeText } from '../safe-text.ts';
import { clockTime } from '../time-text.ts';

/** A section of a message: its title, and its lines. */
export type DigestSection = readonly [title: string, lines: readonly string[]];

export function digestSections(
  { digest, more }: { readonly digest?: Digest | undefined; readonly more?: Digest | undefined },
  limits: EvidenceLimits,
): readonly DigestSection[] {
  return [
    ...(digest === undefined ? [] : [['Alerts', alertLines(digest, limits)] as const, stillLines(digest, limits)]),
    ...(more === undefined ? [] : [['Above the limit of messages an hour', alertLines(more, limits)] as const]),
  ];
}

function alertLines({ alerts = [], ids, count }: Digest, { width, timeline }: EvidenceLimits): readonly string[] {
  if (alerts.length === 0) {
    const named = ids.slice(0, timeline * 2).map((id) => safeText(id, width));
    return withRest(named, count - named.length);
  }
  const shown = alerts.slice(0, timeline * 2);
  const rest = Math.max(count, alerts.length) - shown.length;
  const width1 = Math.min(28, Math.max(...shown.map(({ subject }) => subject.length)));
  const width2 = Math.max(8, ...shown.map((alert) => stateOf(alert).length));
  return withRest(
    shown.map((alert) => alertLine(alert, width1, width2)),
    // A recovery may stand for several alerts that were not told.
    alerts.length > shown.length || alerts.length >= 100 ? rest : 0,
  );
}

/** Kinds whose state is not their verdict. The second is that of the end, where it has the same kind. */
const STATES: Readonly<Partial<Record<DigestedAlert['kind'], readonly [state: string, end?: string]>>> = {
  recovered: ['WITHDRAWN', 'UP again'],
  flapping: ['FLAPPING'],
  changed: ['CHANGED'],
  blind: ['BLIND', 'NO LONGER BLIND'],
  undelivered: ['NOT DELIVERING', 'DELIVERING AGAIN'],
  listed: ['LISTED'],
  delisted: ['DELISTED'],
  posture: ['TO MEND'],
  'posture-over': ['MENDED'],
  trip: ['NOT ARRIVING'],
  'trip-over': ['ARRIVING again'],
  bounces: ['BOUNCES'],
  'bounces-over': ['BOUNCES OVER'],
};

function stateOf({ kind, is }: DigestedAlert): string {
  const [state = is.toUpperCase(), end = state] = STATES[kind] ?? [];
  return is === 'up' ? end : state;
}

/** `mx1  DOWN      since 05:08 UTC  connect-timeout`. */
function alertLine(alert: DigestedAlert, width: number, width2: number): string {
  const { subject, since, code } = alert;
  const time = safeText(clockTime(since, since), 32);
  const why = code === null ? '' : `  ${safeText(code, 48)}`;
  return `${safeText(subject, 64).padEnd(width)}  ${stateOf(alert).padEnd(width2)}  since ${time}${why}`;
}

/** What a recovery leaves. */
function stillLines({ group, alerts = [] }: Digest, { timeline }: EvidenceLimits): DigestSection {
  if (group === undefined || group.open === 0 || alerts.some(({ kind }) => kind !== 'recovered')) return ['', []];
  const named = group.subjects.slice(0, timeline * 2).map((subject) => safeText(subject, 64));
  return ['Not up yet', withRest(named, group.open - named.length)];
}

function withRest(lines: readonly string[], rest: number): readonly string[] {
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}
