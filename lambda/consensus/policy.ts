/** How many votes decide, out of those entitled to vote, and how fresh they must be. */
export type Quorum = 'majority' | number | { readonly down: number; readonly of: number };

export interface Policy {
  readonly vantages: readonly string[];
  /** Length of a round in milliseconds. */
  readonly every: number;
  readonly quorum: Quorum;
  /** Fewer entitled voters than this and the verdict is `unknown`. */
  readonly minimumVoters: number;
  /** Consecutive failed rounds of a vantage before it votes `down`. */
  readonly confirm: number;
  /** Consecutive passed rounds of a vantage before it votes `up` again after it voted `down`. */
  readonly recover: number;
  /** A vantage whose last round is older than this many rounds abstains. */
  readonly freshness: number;
}
