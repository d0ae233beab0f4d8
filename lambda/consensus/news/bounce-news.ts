/** What an alert says of the bounces of a sending domain. It has its own words, because a function that sends it knows no codes. */

export interface BounceNews {
  /** Worst first. Bounded; `more` counts the others. */
  readonly rates: readonly ToldRate[];
  readonly more: number;
}

export interface ToldRate {
  readonly metric: 'bounces' | 'complaints';
  readonly outcome: 'warn' | 'fail';
  readonly window: 'hour' | 'day';
  /** Null: all providers together. */
  readonly provider: string | null;
  readonly count: number;
  /** Of bounces: delivered and bounced. Of complaints: delivered. */
  readonly total: number;
  /** The share from which on it is reported. */
  readonly limit: number;
  /** The other providers in the same window. */
  readonly others: { readonly count: number; readonly total: number };
  /** When the first code was first seen in the last day, ISO 8601 UTC; at its end, when the rate was first reported. */
  readonly since: string;
  /** Most frequent first. */
  readonly codes: readonly { readonly code: string; readonly count: number }[];
  /** What a server said with the first code, without addresses; null if it is not known. */
  readonly example: string | null;
  readonly hint: string | null;
}
