/** How many votes decide, out of those entitled to vote, and how fresh they must be. */
export type Quorum = 'majority' | number | { readonly down: number; readonly of: number };

export interface Policy {
  readonly vantages: readonly string[];
  /** Length of a round in milliseconds. */
  readonly every: number;
  readonly quorum: Quorum;
  /** Fewer entitled voters than this and the verdict is `unknown`. */
  readonly minimumVoters: number;
  /**
   * Consecutive failed rounds of a vantage before it votes `down`. With a second opinion one more failed probe is needed,
   * which is asked for at once instead of waited for.
   */
  readonly confirm: number;
  /** Consecutive passed rounds of a vantage before it votes `up` again after it voted `down`. */
  readonly recover: number;
  /** A vantage whose last round is older than this many rounds abstains. */
  readonly freshness: number;
  /** Ask every entitled vantage to probe again at once when the first of them fails. */
  readonly secondOpinion: boolean;
  /** Vantage k of n starts its round k/n of a round later. */
  readonly stagger: boolean;
  /** Rounds that a minority must fail before the target is `degraded`. */
  readonly patience: number;
  /** Rounds that a verdict must stay `unknown` before people are told. */
  readonly silence: number;
  /** More alerts than this in an hour are one flapping incident. */
  readonly flaps: number;
}

/** What a config that says nothing gets, for so many vantages. */
export function policyDefaults(vantages: number, secondOpinion = vantages > 1): Omit<Policy, 'vantages' | 'every'> {
  return {
    quorum: 'majority',
    minimumVoters: vantages > 1 ? 2 : 1,
    confirm: secondOpinion ? 1 : 2,
    recover: 2,
    freshness: 2.5,
    secondOpinion,
    stagger: vantages > 1,
    patience: 15,
    silence: 2,
    flaps: 6,
  };
}

/** Consecutive failed probes of a vantage before it votes `down`. */
export function failuresNeeded(policy: Policy): number {
  return policy.confirm + (policy.secondOpinion ? 1 : 0);
}

/** How far back the judge reads rounds, in milliseconds: as far as a streak can reach that a vote may turn on. */
export function voteWindow(policy: Policy): number {
  return Math.ceil(Math.max(failuresNeeded(policy), policy.recover) + policy.freshness) * policy.every;
}

/** Rounds, not whole ones, from the named round until now. */
export function roundsSince(round: string, { every }: Policy, now: number): number {
  return (now - Date.parse(round)) / every;
}
