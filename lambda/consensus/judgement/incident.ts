import type { Verdict, Vote } from './verdict.ts';

/** What one vantage saw during an incident. */
export interface Witness {
  readonly vantage: string;
  /**
   * Rounds (ISO UTC) of its first and last failure in this incident. The last is brought up to date when what it sees
   * changes, and when the incident is closed: an open one is not written each minute.
   */
  readonly firstFailure: string;
  readonly lastFailure: string;
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  /** The longest transcript it took. */
  readonly transcript: readonly string[];
}

/** The time from leaving `up` until returning to it, with its evidence. */
export interface Incident {
  /** `<target>@<opened>`; stable, and what links every alert of the incident. */
  readonly id: string;
  readonly target: string;
  /** ISO 8601 UTC: the first failure that led to it. */
  readonly opened: string;
  readonly closed: string | null;
  readonly verdict: Verdict;
  readonly witnesses: readonly Witness[];
  readonly timeline: readonly { readonly at: string; readonly what: string }[];
  /** Who said that they look after it, and when; absent until somebody does. */
  readonly acknowledged?: { readonly at: string; readonly by: string };
}

export type AlertKind = 'down' | 'degraded' | 'recovered' | 'unknown' | 'update' | 'changed' | 'blind' | 'flapping';

/** A message owed to people about a change of an incident; whole in itself, so that it can be told after any crash. */
export interface Alert {
  /** Stable: a repeated telling bears the same id. */
  readonly id: string;
  readonly kind: AlertKind;
  /** Target id, or the vantage for kind `blind`. */
  readonly subject: string;
  /** ISO 8601 UTC of the decision. */
  readonly at: string;
  readonly was: Verdict;
  readonly is: Verdict;
  readonly incident: Incident | null;
  /** How the vantages voted at the decision. */
  readonly votes: readonly { readonly vantage: string; readonly vote: Vote; readonly why: string }[];
  /** The arithmetic, in words: "2 of 3 entitled vantages voted down, quorum 2". */
  readonly reason: string;
}

/** How long an incident has lasted, or lasted, in milliseconds. */
export function incidentDuration(incident: Incident, now: number): number {
  return (incident.closed === null ? now : Date.parse(incident.closed)) - Date.parse(incident.opened);
}

export function isOpen(incident: Incident | null): incident is Incident {
  return incident !== null && incident.closed === null;
}
