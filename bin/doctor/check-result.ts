import type { Outcome } from '../../lambda/smtp/sample/sample.ts';

/** The result of one check. `unable` means that the check could not run; the other outcomes are those of a sample. */
export interface CheckResult {
  readonly outcome: Outcome;
  /** One sentence without a full stop. */
  readonly detail: string;
  /** How to fix it; null if the check passed. */
  readonly fix: string | null;
}

/** One check of `doctor`. Checks do not depend on each other, and run at the same time. */
export interface Check<Context> {
  readonly name: string;
  /** The region or vantage that it checks; null if it concerns the whole deployment. */
  readonly region: string | null;
  run(context: Context): Promise<CheckResult>;
}

export interface NamedCheckResult extends CheckResult {
  readonly check: string;
  readonly region: string | null;
}

export function passed(detail: string): CheckResult {
  return { outcome: 'pass', detail, fix: null };
}

export function problem(outcome: Exclude<Outcome, 'pass'>, detail: string, fix: string): CheckResult {
  return { outcome, detail, fix };
}

/** The worst is last. A confirmed fault is worse than a check that could not run. */
const ORDER: readonly Outcome[] = ['pass', 'warn', 'unable', 'fail'];

export function worstOf(results: readonly CheckResult[]): Outcome {
  const rank = Math.max(0, ...results.map(({ outcome }) => ORDER.indexOf(outcome)));
  return ORDER[rank] ?? 'pass';
}
