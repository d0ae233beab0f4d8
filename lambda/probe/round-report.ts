import type { Outcome, Sample } from '../smtp/sample/sample.ts';

/** The samples of one vantage in one round. */
export interface RoundReport {
  readonly vantage: string;
  readonly round: string;
  /** The second at which the probes began, ISO 8601 UTC. */
  readonly began: string;
  readonly samples: ReadonlyMap<string, Sample>;
  /** Longest delay of the event loop in milliseconds. Null if the timings can be trusted. */
  readonly lag: number | null;
  /** How many targets are absent, because there was no time for them. */
  readonly unreached: number;
}

/** One log entry: counts, and the codes of failures. Contains no text from the wire and no secrets. */
export function summaryOf({ vantage, round, began, samples, lag, unreached }: RoundReport) {
  const counts: Record<Outcome, number> = { pass: 0, warn: 0, fail: 0, unable: 0 };
  for (const { outcome } of samples.values()) counts[outcome] += 1;
  const codes = [...samples].flatMap(([target, { code }]) => (code === null ? [] : [[target, code] as const]));
  return { vantage, round, began, lag, unreached, ...counts, codes: Object.fromEntries(codes) };
}
