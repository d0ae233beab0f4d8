/** The first line of an alert and the texts that all channels share. */
import type { Config, Target } from '../../config/config.ts';
import { isDrill } from '../../consensus/drill/drill.ts';
import { leadingWitness } from '../../consensus/incident/leading-witness.ts';
import type { Alert, AlertKind, Digest, Incident, TimelineLine, Witness } from '../../consensus/judgement/incident.ts';
import { findingsOfAlert } from '../../consensus/news/posture-news.ts';
import { againLead, againTitle, isKnownAlready } from './again/again-note.ts';
import { bounceLine } from './bounce-words.ts';
import { groupLine, groupTitle } from './digest/group-line.ts';
import { moreLine } from './digest/more-line.ts';
import { digestLine, digestTitle } from './digest-headline.ts';
import { type Circumstances, noteOf, PLAIN } from './late-delivery-note.ts';
import { measuredFact, measurementOf } from './measured-fact.ts';
import { isWithdrawn, postureLine } from './posture-line.ts';
import { replyText, safeText } from './safe-text.ts';
import { clockTime, durationText, millisecondsBetween } from './time-text.ts';

/** The part of the config that the texts of an alert need. */
export type AlertContext = Pick<Config, 'name' | 'home' | 'targets'> & {
  /** Options for the commands of a monitor on one machine, such as ` --folder history`. */
  readonly commandOptions?: string;
};

/** The texts that all channels share. Each is escaped, bounded and one line. */
export interface AlertSummary {
  /** As `subject` of `Alert`. */
  readonly what: string;
  /** `mx1.example.com:25`; null if the config does not contain the subject. */
  readonly where: string | null;
  /** `05:08 UTC`. */
  readonly since: string;
  /** `DOWN`, `UP again`… */
  readonly state: string;
  /** The state in subjects and titles: `ACKNOWLEDGED: still DOWN`. */
  readonly title: string;
  /** The end of the first line: quorum, phase and code, or the duration. */
  readonly why: string;
  /** `starttls-not-offered`; null if no failure caused the alert. */
  readonly code: string | null;
  /** `took 7021 ms, above 5000 ms`; null if nothing was measured, or the alert reports no failure. */
  readonly fact: string | null;
  /** The reply of the server at the leading witness. */
  readonly reply: string | null;
  /** Down votes and votes cast. */
  readonly tally: { readonly down: number; readonly cast: number };
  /** Whether the verdict is another one by now. */
  readonly isPast: boolean;
  /** What the circumstances add, in sentences; null if nothing. */
  readonly note: string | null;
  /** For texts whose end may be cut: why it is sent again in a few words, and the rest of the note; null if it is not. */
  readonly again: { readonly lead: string; readonly rest: string | null } | null;
  /** The whole first line of an alert that is about no single subject; null for all others. */
  readonly line: string | null;
  /** `and 212 more (200 down, 12 recovered): npx smtp-quorum status`; null if nothing was above the limit. */
  readonly more: string | null;
}

const STATES: Readonly<Record<AlertKind, (alert: Alert) => string>> = {
  down: () => 'DOWN',
  degraded: () => 'DEGRADED',
  recovered: ({ is }) => (is === 'up' ? 'UP again' : 'WITHDRAWN'),
  unknown: () => 'UNKNOWN',
  update: ({ was, is, again }) => `${was === is || again !== undefined ? 'still' : 'now'} ${is.toUpperCase()}`,
  changed: () => 'CHANGED',
  blind: (alert) => (alert.is === 'up' ? 'NO LONGER BLIND' : isOver(alert) ? 'WITHDRAWN' : 'BLIND'),
  flapping: () => 'FLAPPING',
  digest: ({ digest }) => (digest === undefined ? 'ALERTS' : titleOfDigest(digest)),
  undelivered: ({ is }) => (is === 'up' ? 'DELIVERING AGAIN' : 'NOT DELIVERING'),
  posture: ({ posture }) => (posture?.isReminder ? 'STILL TO MEND' : 'TO MEND'),
  'posture-over': () => 'MENDED',
  listed: ({ posture }) => (posture?.isReminder ? 'STILL LISTED' : 'LISTED'),
  delisted: () => 'DELISTED',
  trip: () => 'NOT ARRIVING',
  'trip-over': (alert) => (isWithdrawn(alert) ? 'WITHDRAWN' : 'ARRIVING again'),
  bounces: ({ bounces }) => (bounces?.rates[0]?.metric === 'complaints' ? 'COMPLAINTS' : 'BOUNCES'),
  'bounces-over': () => 'BOUNCES OVER',
  test: (alert) => (isDrill(alert) ? (isClosed(alert) ? 'DRILL OVER' : 'DRILL') : 'TEST'),
};

function titleOfDigest(digest: Digest): string {
  return digest.group === undefined ? digestTitle(digest) : groupTitle(digest.group, digest);
}

/** Kinds whose first line has the failure. */
const FAILURE_KINDS: ReadonlySet<AlertKind> = new Set(['down', 'degraded', 'update', 'flapping']);

export function summarizeAlert(
  alert: Alert,
  context: AlertContext,
  circumstances: Circumstances = PLAIN,
): AlertSummary {
  const witness = witnessOf(alert);
  const state = stateOf(alert);
  const fact = FAILURE_KINDS.has(alert.kind) ? measuredFact(witness, alert.incident?.witnesses ?? []) : null;
  const isOfDomain = findingsOfAlert(alert) !== undefined || alert.bounces !== undefined;
  const target = isOfDomain ? undefined : context.targets.find((candidate) => candidate.id === alert.subject);
  return {
    what: safeText(alert.subject, 64),
    where: target === undefined ? null : safeText(whereOf(target), 260),
    since: safeText(clockTime(sinceOf(alert), alert.at), 32),
    state,
    title: titleOf(alert, state),
    why: whyOf(alert, witness),
    code: witness?.code ? safeText(witness.code, 48) : null,
    fact: fact === null ? null : safeText(fact, 200),
    // What the server said while it failed is no news of its recovery.
    reply: isOver(alert) ? null : replyText(witness?.reply ?? null, 300) || null,
    tally: tallyOf(alert),
    isPast: circumstances.turned !== null,
    note: noteOf(alert, circumstances),
    again: againOf(alert, circumstances),
    line: wholeLineOf(alert),
    more: circumstances.more === undefined ? null : moreLine(circumstances.more),
  };
}

const VERDICTS: ReadonlySet<AlertKind> = new Set(['down', 'degraded', 'unknown', 'update']);

/** Who has heard of it before is told that it is still so. */
function stateOf(alert: Alert): string {
  const { kind, is, again } = alert;
  const isStill = again !== undefined && isKnownAlready(again) && VERDICTS.has(kind);
  return isStill ? `still ${is.toUpperCase()}` : STATES[kind](alert);
}

function titleOf({ again }: Alert, state: string): string {
  const title = again === undefined ? null : againTitle(again);
  return title === null ? state : `${title}: ${state}`;
}

function againOf({ again, ...alert }: Alert, circumstances: Circumstances): AlertSummary['again'] {
  return again === undefined ? null : { lead: againLead(again), rest: noteOf(alert, circumstances) };
}

function wholeLineOf(alert: Alert): string | null {
  const { kind, digest, reason, bounces } = alert;
  const findings = findingsOfAlert(alert);
  if (isDrill(alert)) return `${STATES.test(alert)}: ${safeText(reason, 600)}`;
  if (bounces !== undefined) return bounceLine(alert, bounces);
  if (findings !== undefined) return postureLine(alert, findings);
  if (kind === 'test') return `TEST alert: ${safeText(reason, 300)}`;
  if (digest === undefined) return null;
  return digest.group === undefined ? digestLine(digest) : groupLine(digest.group, digest);
}

/** `mx1 (mx1.example.com:25) is DOWN since 05:08 UTC: 2 of 3 vantages fail at starttls (starttls-not-offered): offered: SIZE`. */
export function firstLine({ more, note, ...summary }: AlertSummary): string {
  const text = ownLine(summary);
  const whole = more === null ? text : `${text}; ${more}`;
  return note === null ? whole : `${whole}. ${note}`;
}

function ownLine(summary: Omit<AlertSummary, 'more' | 'note'>): string {
  const { what, where, state, since, why, fact, isPast, line } = summary;
  const measured = fact === null ? '' : `: ${fact}`;
  const verb = isPast ? 'was' : 'is';
  const place = where === null ? '' : ` (${where})`;
  return line ?? `${what}${place} ${verb} ${state} since ${since}: ${why}${measured}`;
}

function isClosed({ incident }: Alert): boolean {
  return incident !== null && incident.closed !== null;
}

function whereOf(target: Target): string {
  if (target.domain !== null) return `MX of ${target.domain}`;
  const host = target.host ?? target.id;
  return `${host.includes(':') ? `[${host}]` : host}:${target.port}`;
}

/** Start of the reported state: the first failure, the opening or close of the incident, or the time of the alert. */
function sinceOf(alert: Alert): string {
  if (isOver(alert)) return alert.incident?.closed ?? alert.at;
  if (alert.kind === 'changed' || alert.incident === null) return alert.at;
  return alert.is === 'down' ? downSince(alert.incident) : alert.incident.opened;
}

/** The first failure that led to the last verdict `down`. An incident may have begun as degraded. */
function downSince({ timeline, opened }: Incident): string {
  return timeline.findLast(isDownLine)?.since ?? opened;
}

/** Whether the alert reports the end of an incident. */
function isOver({ kind, is, incident }: Alert): boolean {
  if (kind === 'undelivered') return is === 'up';
  return kind === 'recovered' || (kind === 'blind' && (is === 'up' || (incident !== null && incident.closed !== null)));
}

function whyOf(alert: Alert, witness: Witness | null): string {
  if (isOver(alert) && alert.is === 'up') return durationReason(alert);
  switch (alert.kind) {
    case 'down':
      return failureText(alert, witness);
    case 'update':
    case 'degraded':
      if (isWarning(alert)) return warningText(alert, witness);
      return tallyOf(alert).down > 0 ? failureText(alert, witness) : safeText(alert.reason, 300);
    case 'flapping':
      return `its verdict keeps changing, now ${alert.is} (${safeText(alert.reason, 300)})${measuredAtText(witness)}`;
    case 'recovered':
    case 'unknown':
    case 'changed':
    case 'blind':
    case 'digest':
    case 'undelivered':
    case 'posture':
    case 'posture-over':
    case 'listed':
    case 'delisted':
    case 'trip':
    case 'trip-over':
    case 'bounces':
    case 'bounces-over':
    case 'test':
      return safeText(alert.reason, 300);
    default:
      return alert.kind satisfies never;
  }
}

const BEFORE_END: Readonly<Partial<Record<AlertKind, string>>> = { blind: 'blind', undelivered: 'not delivering' };

function durationReason(alert: Alert): string {
  const { incident } = alert;
  if (incident === null) return safeText(alert.reason, 300);
  const was = BEFORE_END[alert.kind] ?? worstVerdict(alert);
  const start = firstDown(incident)?.since ?? incident.opened;
  const length = millisecondsBetween(start, incident.closed ?? alert.at);
  const from = safeText(clockTime(start, alert.at), 32);
  return `it was ${was} for ${length === null ? 'an unknown time' : durationText(length)}, from ${from}`;
}

/** The verdict before the recovery, `down` if the incident reached it. */
function worstVerdict({ incident, was }: Alert): string {
  return incident?.verdict === 'down' || (incident && firstDown(incident)) ? 'down' : was;
}

function firstDown({ timeline }: Incident): TimelineLine | undefined {
  return timeline.find(isDownLine);
}

function isDownLine({ what }: TimelineLine): boolean {
  return what.startsWith('down: ');
}

/** `2 of 3 vantages fail at starttls (starttls-not-offered)`. */
function failureText(alert: Alert, witness: Witness | null): string {
  const { down, cast } = tallyOf(alert);
  const who = `${down} of ${cast} ${cast === 1 ? 'vantage' : 'vantages'} ${down === 1 ? 'fails' : 'fail'}`;
  const below = alert.is === 'degraded' ? ', below the quorum' : '';
  return `${who}${atPhaseText(witness)}${below}`;
}

/** The phase and code of a measurement, which ends the first line. */
function measuredAtText(witness: Witness | null): string {
  return witness === null || measurementOf(witness) === null ? '' : atPhaseText(witness);
}

/** Whether the verdict is about a warning, not about failures. */
function isWarning({ incident }: Alert): boolean {
  return incident?.chapter != null && incident.chapter.warning !== null;
}

/** `3 of 3 vantages warn at certificate (certificate-expiring)`. */
function warningText({ votes, incident }: Alert, witness: Witness | null): string {
  const cast = new Set(votes.filter(({ vote }) => vote !== 'abstain').map(({ vantage }) => vantage));
  const count = (incident?.witnesses ?? []).filter(({ vantage }) => cast.has(vantage)).length;
  const who = `${count} of ${cast.size} ${cast.size === 1 ? 'vantage' : 'vantages'} ${count === 1 ? 'warns' : 'warn'}`;
  return `${who}${atPhaseText(witness)}`;
}

/** ` at starttls (starttls-not-offered)`; empty if the phase is unknown. */
export function atPhaseText(witness: Pick<Witness, 'phase' | 'code'> | null): string {
  if (witness === null || witness.phase === null) return '';
  return ` at ${safeText(witness.phase, 24)}${witness.code === null ? '' : ` (${safeText(witness.code, 48)})`}`;
}

function tallyOf({ votes }: Alert): AlertSummary['tally'] {
  const cast = votes.filter(({ vote }) => vote !== 'abstain');
  return { down: cast.filter(({ vote }) => vote === 'down').length, cast: cast.length };
}

/** The witness whose evidence a message shows; null if nothing failed. */
export function witnessOf({ incident, votes }: Alert): Witness | null {
  return incident === null ? null : leadingWitness(incident, votes);
}
