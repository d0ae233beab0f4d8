import type { Alert } from '../judgement/incident.ts';
import type { ToldFinding } from '../news/posture-news.ts';

/** An ended trip, in words. */
export interface EndedTrip {
  /** Identifier of its message. */
  readonly id: string;
  /** When it was claimed, epoch milliseconds. */
  readonly at: number;
  readonly vantage: string;
  readonly outcome: 'pass' | 'warn' | 'fail' | 'unable';
  /** Worst first, those that pass left out. */
  readonly findings: readonly TripNews[];
}

export type TripNews = Pick<ToldFinding, 'code' | 'detail' | 'meaning' | 'hint' | 'evidence'>;

/** The time in which messages of a round trip do not arrive, with its alerts. */
export interface TripEpisode {
  /** `<round trip>/trip@<opened>` */
  readonly id: string;
  readonly opened: string;
  readonly findings: readonly TripNews[];
  readonly acknowledged?: { readonly at: string; readonly by: string };
}

/** What was reported of a round trip: one item of the table, written only when it changes. */
export interface RoundTripVerdict {
  /** Identifier of the round trip. */
  readonly trip: string;
  /** Failed trips in a row, oldest first. Bounded. */
  readonly failed: readonly FailedTrip[];
  /** Trips in a row that arrived since then, by the identifiers of their messages. */
  readonly arrived: readonly string[];
  /** What was reported and is not over; null if there is nothing. */
  readonly episode: TripEpisode | null;
  /** Alerts so far; the next one is numbered by it. */
  readonly alerts: number;
  /** Pending alerts, oldest first. */
  readonly owed: readonly Alert[];
}

export interface FailedTrip {
  readonly id: string;
  readonly at: number;
  readonly vantage: string;
}

/** A verdict as stored. `version` grows by one with each write. */
export interface StoredRoundTripVerdict extends RoundTripVerdict {
  readonly version: number;
}

export function newRoundTripVerdict(trip: string): RoundTripVerdict {
  return { trip, failed: [], arrived: [], episode: null, alerts: 0, owed: [] };
}
