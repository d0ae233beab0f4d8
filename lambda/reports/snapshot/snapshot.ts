/** What a status page shows, at one moment. JSON; times are ISO 8601 UTC, lengths are milliseconds unless a name says otherwise. */

import type { Verdict } from '../../consensus/judgement/vote-and-verdict-definitions.ts';
import type { Outcome, Sample } from '../../smtp/sample/sample.ts';
import type { ObservedTimes } from '../source/up-down-unwatched.ts';

export interface Snapshot {
  readonly at: string;
  readonly title: string;
  /** The newest round of any vantage; null if there is none. */
  readonly newestRound: string | null;
  /** Seconds between rounds. A page says so if the newest round is older than three of them, and than a minute. */
  readonly every: number;
  readonly vantages: readonly VantageSnapshot[];
  readonly targets: readonly TargetSnapshot[];
  /** Open ones, then those of the last 90 days, newest first. */
  readonly incidents: readonly IncidentSnapshot[];
}

export interface VantageSnapshot {
  readonly vantage: string;
  readonly lastRound: string | null;
  /** It does not vote, because it cannot reach the Internet. */
  readonly blind: boolean;
}

export interface TargetSnapshot {
  readonly id: string;
  /** Host or domain with the port; null where it is hidden or not known. */
  readonly endpoint: string | null;
  readonly tags: readonly string[];
  readonly verdict: Verdict;
  readonly since: string | null;
  /** The open incident. */
  readonly incident: string | null;
  /** The last 90 days in UTC, oldest first. */
  readonly days: readonly DaySnapshot[];
  /** Share of the watched time of these days, in percent; null if it was not watched. */
  readonly uptime: number | null;
  readonly unwatched: number;
  readonly last: readonly LastSample[];
  /** The last hours, by vantage. */
  readonly latency: readonly LatencySeries[];
}

export interface DaySnapshot extends ObservedTimes {
  /** `2026-11-26`. */
  readonly date: string;
  readonly incidents: number;
}

export interface LastSample {
  readonly vantage: string;
  readonly round: string;
  readonly outcome: Outcome;
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  readonly detail: string | null;
  /** Of a session that did not pass. */
  readonly transcript: readonly string[];
  readonly total: number;
  readonly timings: Sample['timings'];
  /** Of the certificate, `2027-01-10`; null if it is not known. */
  readonly certificateExpires: string | null;
}

export interface LatencySeries {
  readonly vantage: string;
  /** Oldest first: epoch milliseconds of the round, milliseconds of the session (null if it failed), and its outcome. */
  readonly points: readonly (readonly [at: number, total: number | null, outcome: Outcome])[];
}

export interface IncidentSnapshot {
  readonly id: string;
  readonly target: string;
  readonly opened: string;
  readonly closed: string | null;
  readonly verdict: Verdict;
  readonly acknowledged: { readonly at: string; readonly by: string } | null;
  readonly timeline: readonly { readonly at: string; readonly what: string }[];
  readonly witnesses: readonly WitnessSnapshot[];
}

export interface WitnessSnapshot {
  readonly vantage: string;
  readonly from: string;
  readonly to: string;
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  readonly detail: string | null;
  readonly transcript: readonly string[];
}
