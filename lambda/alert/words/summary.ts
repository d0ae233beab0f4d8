/** The first line of an alert and the texts that all channels share. */
import type { Config, Target } from '../../config/config.ts';
import type { Alert, AlertKind, Witness } from '../../consensus/judgement/incident.ts';
import { replyText, safeText } from './safe-text.ts';
import { clockTime, durationText, millisecondsBetween } from './time-text.ts';

/** The part of the config that the texts of an alert need. */
export type AlertContext = Pick<Config, 'name' | 'home' | 'targets'> & {
  /** Options for the commands of a monitor on one machine, such as ` --folder history`. */
  readonly commandOptions?: string;
};

/** The texts that all channels share. Each is escaped, bounded and one line. */
export interface AlertSummary {
  /** Target id, or the vantage for kind `blind`. */
  readonly what: string;
  /** `mx1.example.com:25`; null if the config does not contain the subject. */
  readonly where: string | null;
  /** `05:08 UTC`. */
  readonly since: string;
  /** `DOWN`, `UP again`… */
  readonly state: string;
  /** The end of the first line: quorum, phase and code, or the duration. */
  readonly why: string;
  /** `starttls-not-offered`; null if no failure caused the alert. */
  readonly code: string | null;
  /** The reply of the server at the leading witness. */
  readonly reply: string | null;
  /** Down votes and votes cast. */
  readonly tally: { readonly down: number; readonly cast: number };
}

const STATES: Readonly<Record<AlertKind, (alert: Alert) => string>> = {
  down: () => 'DOWN',
  degraded: () => 'DEGRADED',
  recovered: ({ is }) => (is === 'up' ? 'UP again' : 'WITHDRAWN'),
  unknown: () => 'UNKNOWN',
  update: ({ was, is }) => `${was === is ? 'still' : 'now'} ${is.toUpperCase()}`,
  changed: () => 'CHANGED',
  blind: (alert) => (alert.is === 'up' ? 'NO LONGER BLIND' : isOver(alert) ? 'WITHDRAWN' : 'BLIND'),
  flapping: () => 'FLAPPING',
};

export function summarizeAlert(alert: Alert, context: AlertContext): AlertSummary {
  const witness = leadingWitness(alert);
  const target = context.targets.find((candidate) => candidate.id === alert.subject);
  return {
    what: safeText(alert.subject, 64),
    where: target === undefined ? null : safeText(whereOf(target), 260),
    since: safeText(clockTime(sinceOf(alert), alert.at), 32),
    state: STATES[alert.kind](alert),
    why: whyOf(alert, witness),
    code: witness?.code ? safeText(witness.code, 48) : null,
    reply: replyText(witness?.reply ?? null, 300) || null,
    tally: tallyOf(alert),
  };
}

/** `mx1 (mx1.example.com:25) is DOWN since 05:08 UTC: 2 of 3 vantages fail at starttls (starttls-not-offered)`. */
export function firstLine({ what, where, state, since, why }: AlertSummary): string {
  return `${what}${where === null ? '' : ` (${where})`} is ${state} since ${since}: ${why}`;
}

function whereOf(target: Target): string {
  if (target.domain !== null) return `MX of ${target.domain}`;
  const host = target.host ?? target.id;
  return `${host.includes(':') ? `[${host}]` : host}:${target.port}`;
}

/** Start of the reported state: the opening or close of the incident, or the time of the alert. */
function sinceOf(alert: Alert): string {
  if (isOver(alert)) return alert.incident?.closed ?? alert.at;
  return alert.kind === 'changed' ? alert.at : (alert.incident?.opened ?? alert.at);
}

/** Whether the alert reports the end of an incident. */
function isOver({ kind, is, incident }: Alert): boolean {
  return kind === 'recovered' || (kind === 'blind' && (is === 'up' || (incident !== null && incident.closed !== null)));
}

function whyOf(alert: Alert, witness: Witness | null): string {
  if (isOver(alert) && alert.is === 'up') return durationReason(alert);
  switch (alert.kind) {
    case 'down':
      return failureText(alert, witness);
    case 'update':
    case 'degraded':
      return tallyOf(alert).down > 0 ? failureText(alert, witness) : safeText(alert.reason, 300);
    case 'flapping':
      return `its verdict keeps changing, now ${alert.is} (${safeText(alert.reason, 300)})`;
    case 'recovered':
    case 'unknown':
    case 'changed':
    case 'blind':
      return safeText(alert.reason, 300);
    default:
      return alert.kind satisfies never;
  }
}

function durationReason(alert: Alert): string {
  const { incident } = alert;
  if (incident === null) return safeText(alert.reason, 300);
  const length = millisecondsBetween(incident.opened, incident.closed ?? alert.at);
  const was = alert.kind === 'blind' ? 'blind' : worstVerdict(alert);
  const from = safeText(clockTime(incident.opened, alert.at), 32);
  return `it was ${was} for ${length === null ? 'an unknown time' : durationText(length)}, from ${from}`;
}

/** The verdict before the recovery, `down` if the incident reached it. */
function worstVerdict({ incident, was }: Alert): string {
  return incident?.verdict === 'down' ? 'down' : was;
}

/** `2 of 3 vantages fail at starttls (starttls-not-offered)`. */
function failureText(alert: Alert, witness: Witness | null): string {
  const { down, cast } = tallyOf(alert);
  const who = `${down} of ${cast} ${cast === 1 ? 'vantage' : 'vantages'} ${down === 1 ? 'fails' : 'fail'}`;
  const below = alert.is === 'degraded' ? ', below the quorum' : '';
  return `${who}${atPhaseText(witness)}${below}`;
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

/** The first witness with the most frequent phase and code among those that vote `down`, or among all if none does. */
export function leadingWitness(alert: Alert): Witness | null {
  const all = alert.incident?.witnesses ?? [];
  const down = new Set(alert.votes.filter(({ vote }) => vote === 'down').map(({ vantage }) => vantage));
  const voting = all.filter(({ vantage }) => down.has(vantage));
  const counted = voting.length > 0 ? voting : all;
  const countAlike = (one: Witness) =>
    counted.filter(({ phase, code }) => phase === one.phase && code === one.code).length;
  return counted.reduce<Witness | null>(
    (best, one) => (best !== null && countAlike(best) >= countAlike(one) ? best : one),
    null,
  );
}
