import type { Alert, Incident } from './incident.ts';
import type { Verdict } from './verdict.ts';

/** What is remembered of a target between rounds: one item of the table, written only when it changes. */
export interface Judgement {
  readonly target: string;
  readonly verdict: Verdict;
  /** ISO 8601 UTC of the last change of verdict. */
  readonly since: string;
  readonly incident: Incident | null;
  /** Alerts not yet handed to SNS, oldest first. */
  readonly owed: readonly Alert[];
}
