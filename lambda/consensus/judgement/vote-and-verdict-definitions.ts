import type { Observation } from './observation.ts';

/** The vote of one vantage on one target. */
export type Vote = 'up' | 'down' | 'abstain';

/** The decision of the quorum on a target. */
export type Verdict = 'up' | 'degraded' | 'down' | 'unknown';

export const WORST_VERDICT_FIRST: readonly Verdict[] = ['down', 'unknown', 'degraded', 'up'];

/** A sample that warned or failed. */
export interface SeenProblem extends Observation {
  /** When its probe began, ISO 8601 UTC. */
  readonly second: string;
}

/** A vote with its evidence. */
export interface Ballot {
  readonly vantage: string;
  readonly vote: Vote;
  /** The reason, as shown in alerts. */
  readonly why: string;
  /**
   * The second at which the first failed probe of the current streak began, ISO 8601 UTC, even if the vote is not yet
   * `down`; null without a streak.
   */
  readonly since: string | null;
  /** Failed probes in a row, up to the newest round. */
  readonly failures: number;
  /** The samples within the window that warned or failed, oldest first. */
  readonly problems: readonly SeenProblem[];
  /** The warning that the recent rounds agree on, and the second it was first seen. */
  readonly warning: { readonly code: string; readonly since: string } | null;
  /** The newest sample within the window. */
  readonly newest: Observation | null;
}

/** A verdict with its reason. */
export interface Decision {
  readonly verdict: Verdict;
  /** The count of votes in words: "2 of 3 entitled vantages voted down, quorum 2". */
  readonly reason: string;
  /** The warning that decided the verdict; null if none did. */
  readonly warning: string | null;
}
