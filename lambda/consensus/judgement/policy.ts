/** How many votes for `down`, out of the vantages entitled to vote, make the verdict `down`. */
export type Quorum = 'majority' | number | { readonly down: number; readonly of: number };

/** The rules for votes, verdicts and alerts. */
export interface Policy {
  readonly vantages: readonly string[];
  /** Length of a round in milliseconds. */
  readonly every: number;
  readonly quorum: Quorum;
  /** With fewer entitled voters the verdict is `unknown`. */
  readonly minimumVoters: number;
  /**
   * Consecutive failed rounds of a vantage before it votes `down`. With `secondOpinion` one more failed probe is needed,
   * which is requested at once.
   */
  readonly confirm: number;
  /** Consecutive passed rounds of a vantage before it votes `up` again after it voted `down`. */
  readonly recover: number;
  /** A vantage whose last round is older than this many rounds abstains. */
  readonly freshness: number;
  /** When the first vantage fails, all entitled vantages probe again at once. */
  readonly secondOpinion: boolean;
  /** Vantage k of n starts its round k/n of a round later. */
  readonly stagger: boolean;
  /** The longest time that a probe may take, in milliseconds. Absent if it is within a round. */
  readonly slowest?: number;
  /** Rounds that a minority must fail before the target is `degraded`. */
  readonly patience: number;
  /** Rounds that a verdict must stay `unknown` before it is reported. */
  readonly silence: number;
  /** More alerts than this in an hour are one flapping incident. */
  readonly flaps: number;
}

/** The default policy for a number of vantages. */
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

/** How far back samples count, in milliseconds: the longest streak that can decide a vote. */
export function voteWindow(policy: Policy): number {
  return Math.ceil(Math.max(failuresNeeded(policy), policy.recover) + policy.freshness) * probeInterval(policy);
}

/**
 * How far back the judge reads rounds, by the times in their names, in milliseconds. A probe may begin later than its round:
 * its sample must not vanish while it can still decide a vote.
 */
export function readWindow(policy: Policy): number {
  return voteWindow(policy) + policy.every;
}

/**
 * The longest time from one probe of a target to the next, in milliseconds: a round, or more if its probes take longer than
 * that. Then it is not probed in each round.
 */
export function probeInterval({ every, slowest = 0 }: Policy): number {
  return slowest <= every ? every : (Math.ceil(slowest / every) + 1) * every;
}

/** Seconds for which a round counts as recent. */
export function freshSeconds({ freshness, every }: Pick<Policy, 'freshness' | 'every'>): number {
  return Math.floor((freshness * every) / 1000);
}

/** Number of rounds from the named round until now, a fraction. */
export function roundsSince(round: string, { every }: Policy, now: number): number {
  return (now - Date.parse(round)) / every;
}
