import type { Outcome, Phase } from '../sample/sample.ts';

/** A row of the table in `failures.ts`: one way to fail. */
export interface Failure {
  /** `any`: the phase in which it happened. Codes of `ehlo` are reported for `ehlo2` after TLS. */
  readonly phase: Phase | 'any';
  /** The outcome, unless an expectation sets another one. */
  readonly outcome: Exclude<Outcome, 'pass'>;
  /** Likely to end without a repair: 4xx replies, and failures of resolvers and networks. */
  readonly temporary: boolean;
  /** The vantage is at fault, not the server. */
  readonly vantageFault: boolean;
}

/** What a failure means, in words. Apart from the table, because the probe needs no words: its bundle is smaller without. */
export interface FailureText {
  readonly meaning: string;
  /** What a postmaster checks first. */
  readonly hint: string;
}

/** A text for each of the codes. */
export type FailureTexts<Code extends string> = Readonly<Record<Code, FailureText>>;

type Nature = 'lasting' | 'temporary' | 'vantage' | 'vantage, temporary';

/** Makes a row of the table. */
export function defineFailure(phase: Failure['phase'], outcome: Failure['outcome'], nature: Nature): Failure {
  const temporary = nature === 'temporary' || nature === 'vantage, temporary';
  return { phase, outcome, temporary, vantageFault: nature.startsWith('vantage') };
}
