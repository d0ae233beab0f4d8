import type { Alert } from '../judgement/incident.ts';
import type { ToldRate } from '../news/bounce-news.ts';

/** A rate that was reported and is not over. */
export interface JudgedRate extends Pick<ToldRate, 'metric' | 'provider' | 'outcome'> {
  /** When it began, ISO 8601 UTC. */
  readonly since: string;
  /** The most frequent code when it was reported. */
  readonly code: string | null;
}

/** The time in which rates of a domain are above a limit, with its alerts. */
export interface BounceEpisode {
  /** `<domain>/bounces@<opened>` */
  readonly id: string;
  readonly opened: string;
  readonly acknowledged?: { readonly at: string; readonly by: string };
}

/** What was reported of the bounces of a sending domain: one item of the table, written only when it changes. */
export interface BounceVerdict {
  readonly domain: string;
  /** When it was first reported, ISO 8601 UTC. */
  readonly since: string;
  readonly rates: readonly JudgedRate[];
  readonly episode: BounceEpisode | null;
  /** Alerts so far; the next one is numbered by it. */
  readonly alerts: number;
  /** The time of the last alert; null before the first. */
  readonly lastAlert: string | null;
  /** Pending alerts, oldest first. */
  readonly owed: readonly Alert[];
  /** Bounces are no longer watched. */
  readonly isGone?: true;
}

/** A verdict as stored. `version` grows by one with each write. */
export interface StoredBounceVerdict extends BounceVerdict {
  readonly version: number;
}
