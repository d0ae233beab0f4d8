import type { Observation } from './observation.ts';

/** What one vantage says of one target over its recent rounds. */
export type Vote = 'up' | 'down' | 'abstain';

/** What the quorum says of a target. */
export type Verdict = 'up' | 'degraded' | 'down' | 'unknown';

/** A vote with what stands behind it. */
export interface Ballot {
  readonly vantage: string;
  readonly vote: Vote;
  /** Why it votes so, in words that an alert can carry. */
  readonly why: string;
  /** Round of the first failure of the streak it is in, whether or not it votes `down` for it yet; null outside of one. */
  readonly since: string | null;
  /** Failed probes in a row that its rounds end with. */
  readonly failures: number;
  /** Round of its newest sample inside the window that did not pass; null where all passed. */
  readonly lastFailure: string | null;
  /** The warning its recent rounds agree on, and the round it began with. */
  readonly warning: { readonly code: string; readonly since: string } | null;
  /** Its newest sample inside the window. */
  readonly newest: Observation | null;
}

/** A verdict with its reason. */
export interface Decision {
  readonly verdict: Verdict;
  /** The arithmetic, in words: "2 of 3 entitled vantages voted down, quorum 2". */
  readonly reason: string;
  /** The warning the quorum agrees on, where it decided; null otherwise. */
  readonly warning: string | null;
}
