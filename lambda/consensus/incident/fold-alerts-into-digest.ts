import { createHash } from 'node:crypto';
import type { Alert, AlertKind, Digest } from '../judgement/incident.ts';
import { WORST_VERDICT_FIRST } from '../judgement/vote-and-verdict-definitions.ts';

/** How many subjects and ids a digest names, and characters of each. */
const MOST_NAMED = 100;
const MOST_CHARACTERS = 200;

/**
 * Folds alerts into one. Its id follows from theirs, so that the same alerts make the same digest. A digest among them
 * counts as the alerts that it stands for.
 * @param alerts one or more, oldest first
 */
export function foldAlerts(alerts: readonly Alert[]): Alert {
  const digest = alerts.map(digestOf).reduce(mergeDigests);
  const verdicts = alerts.map(({ is }) => is);
  return {
    id: `digest@${digest.first}#${digest.count}-${hashOf(alerts)}`,
    kind: 'digest',
    subject: 'digest',
    at: digest.last,
    was: alerts[0]?.was ?? 'unknown',
    is: WORST_VERDICT_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'unknown',
    incident: null,
    votes: [],
    reason: `${digest.count} alerts in one`,
    digest,
    ...(alerts.some(({ toAll }) => toAll === true) ? { toAll: true as const } : {}),
  };
}

function digestOf(alert: Alert): Digest {
  if (alert.digest !== undefined) return alert.digest;
  const { at, kind, subject, id } = alert;
  return { count: 1, first: at, last: at, kinds: { [kind]: 1 }, subjects: [bounded(subject)], ids: [bounded(id)] };
}

function mergeDigests(one: Digest, other: Digest): Digest {
  const times = [one.first, one.last, other.first, other.last].sort();
  return {
    count: one.count + other.count,
    first: times[0] ?? one.first,
    last: times.at(-1) ?? one.last,
    kinds: addCounts(one.kinds, other.kinds),
    subjects: [...new Set([...one.subjects, ...other.subjects])].slice(0, MOST_NAMED),
    ids: [...one.ids, ...other.ids].slice(0, MOST_NAMED),
  };
}

function addCounts(one: Digest['kinds'], other: Digest['kinds']): Digest['kinds'] {
  const kinds = [...new Set([...Object.keys(one), ...Object.keys(other)])] as AlertKind[];
  return Object.fromEntries(kinds.map((kind) => [kind, (one[kind] ?? 0) + (other[kind] ?? 0)]));
}

function bounded(text: string): string {
  return text.slice(0, MOST_CHARACTERS);
}

function hashOf(alerts: readonly Alert[]): string {
  const hash = createHash('sha256');
  for (const { id } of alerts) hash.update(`${id}\n`);
  return hash.digest('hex').slice(0, 8);
}
