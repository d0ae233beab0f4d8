import type { Outcome, Sample } from '../smtp/sample/sample.ts';

/** What a vantage saw in one round. */
export interface RoundReport {
  readonly vantage: string;
  readonly round: string;
  readonly samples: ReadonlyMap<string, Sample>;
  /** How long the event loop kept replies waiting at worst, milliseconds; null where timings can be trusted. */
  readonly lag: number | null;
}

/** One line for the log: counts, and what failed, by code. No text from the wire, no secrets. */
export function summaryOf({ vantage, round, samples, lag }: RoundReport) {
  const counts: Record<Outcome, number> = { pass: 0, warn: 0, fail: 0, unable: 0 };
  for (const { outcome } of samples.values()) counts[outcome] += 1;
  const codes = [...samples].flatMap(([target, { code }]) => (code === null ? [] : [[target, code] as const]));
  return { vantage, round, lag, ...counts, codes: Object.fromEntries(codes) };
}
