/** A sample as consensus needs it: whose, when, and what it said. Any richer sample fits it by structure. */
export interface Observation {
  readonly vantage: string;
  /** Name of the round: its UTC time, ISO 8601 with seconds. Rounds of a vantage sort by it. */
  readonly round: string;
  readonly outcome: 'pass' | 'warn' | 'fail' | 'unable';
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  readonly address?: string | null;
  readonly transcript?: readonly string[];
}
