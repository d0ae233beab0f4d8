const DAY = 86_400_000;

/** What a query returns: samples, or summaries of hours or days. */
export type Step = 'sample' | 'hour' | 'day';

/** The default step of a time range: samples up to two days, hours up to two months, then days. */
export function defaultStep(since: string, until: string): Step {
  const length = Date.parse(until) - Date.parse(since);
  if (length <= 2 * DAY) return 'sample';
  return length <= 62 * DAY ? 'hour' : 'day';
}

/** A query for one target; times are ISO 8601 UTC, both inclusive. */
export interface SampleQuery {
  readonly target: string;
  readonly vantages: readonly string[];
  readonly since: string;
  readonly until: string;
}
