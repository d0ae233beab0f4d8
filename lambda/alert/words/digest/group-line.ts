/** The first line of a message about targets that share a cause. */
import { parseCause } from '../../../consensus/judgement/cause.ts';
import type { AlertGroup, AlertKind, Digest, DigestedAlert } from '../../../consensus/judgement/incident.ts';
import { safeText } from '../safe-text.ts';
import { clockTime } from '../time-text.ts';
import { hasLeftConfig, withdrawnCount } from './withdrawn-alerts.ts';

/** Failure codes that the line names. */
const MOST_CODES = 3;
/** Characters of the names in the line. The e-mail has a list of them. */
const MOST_CHARACTERS = 48;

const STATES: Readonly<Partial<Record<AlertKind, string>>> = {
  down: 'down',
  degraded: 'degraded',
  unknown: 'unknown',
  flapping: 'flapping',
  update: 'failing in another way',
};

/**
 * `12 mail servers at 192.0.2.0/24 are down since 05:08 UTC: connect-timeout; mx1, mx2 and 10 more`, and of recoveries
 * `9 mail servers at 192.0.2.0/24 are up again; 3 are still down: mx4, mx5, mx6`.
 */
export function groupLine(group: AlertGroup, digest: Digest): string {
  const { alerts = [], last } = digest;
  const fallen = alerts.filter(({ kind }) => kind !== 'recovered');
  return fallen.length === 0 ? recoveryLine(group, digest) : fallenLine(group, digest, fallen, last);
}

/** As the title of one target: `DOWN 12 mail servers at 192.0.2.0/24`, `UP again 9 of 12 mail servers at 192.0.2.0/24`. */
export function groupTitle(group: AlertGroup, { alerts = [] }: Digest): string {
  const { open, over } = group;
  if (alerts.some(({ kind }) => kind !== 'recovered'))
    return `${group.kind.toUpperCase()} ${servers(open)}${placeOf(group)}`;
  const state = withdrawnCount({ alerts }, over) === over ? 'WITHDRAWN' : 'UP again';
  return `${state} ${open === 0 ? '' : `${over} of `}${servers(over + open)}${placeOf(group)}`;
}

function fallenLine(group: AlertGroup, digest: Digest, fallen: readonly DigestedAlert[], last: string): string {
  const state = STATES[group.kind] ?? group.kind;
  const since = fallen.map((alert) => alert.since).sort()[0] ?? last;
  const over = endsOf(group, digest).map(({ count, words }) => `; ${count} ${are(count)} ${words}`);
  const why = [reasonOf(group, fallen), namesOf(group.subjects, group.open)].filter((text) => text !== '').join('; ');
  const when = safeText(clockTime(since, last), 32);
  return `${servers(group.open)}${placeOf(group)} ${are(group.open)} ${state} since ${when}: ${why}${over.join('')}`;
}

function recoveryLine(group: AlertGroup, digest: Digest): string {
  const ends = endsOf(group, digest).map(({ count, words, subjects }, place) => {
    const who = place === 0 ? `${servers(count)}${placeOf(group)}` : `${count}`;
    return `${who} ${are(count)} ${words}${group.open === 0 ? `: ${namesOf(subjects, count)}` : ''}`;
  });
  if (group.open === 0) return ends.join('; ');
  const state = STATES[group.kind] ?? group.kind;
  return `${ends.join('; ')}; ${group.open} ${are(group.open)} still ${state}: ${namesOf(group.subjects, group.open)}`;
}

/** Those that recovered, and those that left the config. */
function endsOf({ over }: AlertGroup, { alerts = [], subjects }: Digest) {
  const withdrawn = withdrawnCount({ alerts }, over);
  const namedOf = (isGone: boolean) =>
    alerts.filter((one) => one.kind === 'recovered' && hasLeftConfig(one) === isGone).map(({ subject }) => subject);
  return [
    { count: over - withdrawn, words: 'up again', subjects: withdrawn === 0 ? subjects : namedOf(false) },
    { count: withdrawn, words: 'no longer in the config', subjects: namedOf(true) },
  ].filter(({ count }) => count > 0);
}

function servers(count: number): string {
  return count === 1 ? '1 mail server' : `${count} mail servers`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}

/** Where they are, if their place is what they share. */
function placeOf({ cause }: AlertGroup): string {
  const { kind, value } = parseCause(cause) ?? { kind: 'code', value: '' };
  const name = safeText(value, 80);
  switch (kind) {
    case 'host':
    case 'address':
    case 'network':
      return ` at ${name}`;
    case 'certificate':
      return ` with the certificate ${name}`;
    case 'provider':
      return ` of ${name}`;
    case 'code':
      return '';
    default:
      return kind satisfies never;
  }
}

/** The failure that they share, or the failures. */
function reasonOf({ cause }: AlertGroup, fallen: readonly DigestedAlert[]): string {
  const shared = parseCause(cause);
  if (shared?.kind === 'code') return safeText(shared.value.replace('@', ' from '), 80);
  const codes = [...new Set(fallen.flatMap(({ code }) => (code === null ? [] : [safeText(code, 48)])))];
  return `${codes.slice(0, MOST_CODES).join(', ')}${codes.length > MOST_CODES ? ' and others' : ''}`;
}

/** As many names as there is room for, at least one. */
function namesOf(subjects: readonly string[], count: number): string {
  let length = 0;
  const names = subjects.map((subject) => safeText(subject, 64));
  const named = names.filter((name, place) => {
    length += name.length + 2;
    return place === 0 || length <= MOST_CHARACTERS;
  });
  const more = count - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}
