import type { Verdict, Vote } from './verdict.ts';

/** What one vantage saw during an incident. */
export interface Witness {
  readonly vantage: string;
  /**
   * Seconds (ISO UTC) of its first and last failure in this incident. The last is updated when the failure changes and when
   * the incident is closed, so that an open incident is not written every minute.
   */
  readonly firstFailure: string;
  readonly lastFailure: string;
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  /** Its longest transcript. */
  readonly transcript: readonly string[];
}

/** The time from leaving `up` until returning to it, with its evidence. */
export interface Incident {
  /** `<target>@<opened>`. Stable; every alert of the incident has it. */
  readonly id: string;
  readonly target: string;
  /** ISO 8601 UTC: the first failure that led to it. */
  readonly opened: string;
  readonly closed: string | null;
  readonly verdict: Verdict;
  readonly witnesses: readonly Witness[];
  readonly timeline: readonly { readonly at: string; readonly what: string }[];
  /** Who acknowledged it and when; absent if nobody did. */
  readonly acknowledged?: { readonly at: string; readonly by: string };
}

export type AlertKind = 'down' | 'degraded' | 'recovered' | 'unknown' | 'update' | 'changed' | 'blind' | 'flapping';

/** A message to people about a change of an incident. Self-contained, so that it can be sent after a crash. */
export interface Alert {
  /** Stable: a repeated message has the same id. */
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
  /** The count of votes in words: "2 of 3 entitled vantages voted down, quorum 2". */
  readonly reason: string;
}

/** Duration of an incident in milliseconds, until `now` if it is open. */
export function incidentDuration(incident: Incident, now: number): number {
  return (incident.closed === null ? now : Date.parse(incident.closed)) - Date.parse(incident.opened);
}

export function isOpen(incident: Incident | null): incident is Incident {
  return incident !== null && incident.closed === null;
}
