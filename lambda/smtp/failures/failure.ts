import type { Outcome, Phase } from '../sample/sample.ts';

/** What is known of one way to fail: a row of the table in `failures.ts`. */
export interface Failure {
  /** `any`: the phase in which it happened. Codes of `ehlo` are told of `ehlo2` when they happen after TLS. */
  readonly phase: Phase | 'any';
  /** What it counts as where expectations do not say otherwise. */
  readonly outcome: Exclude<Outcome, 'pass'>;
  readonly meaning: string;
  /** What a postmaster would look at first. */
  readonly hint: string;
  /** Likely to pass by itself: 4xx replies, and what resolvers and networks get over. */
  readonly temporary: boolean;
  /** The prober's side is at fault, not the server. */
  readonly vantageFault: boolean;
}

type Nature = 'lasting' | 'temporary' | 'vantage' | 'vantage, temporary';

/** One row, in the order in which it reads. */
export function defineFailure(
  phase: Failure['phase'],
  outcome: Failure['outcome'],
  nature: Nature,
  meaning: string,
  hint: string,
): Failure {
  const temporary = nature === 'temporary' || nature === 'vantage, temporary';
  return { phase, outcome, meaning, hint, temporary, vantageFault: nature.startsWith('vantage') };
}
