import type { Outcome } from '../../lambda/smtp/sample/sample.ts';

/** What one check found. `unable`: it could not look; the others are as of a sample. */
export interface CheckResult {
  readonly outcome: Outcome;
  /** What is so, in a sentence without its full stop. */
  readonly says: string;
  /** What to do about it; null where all is well. */
  readonly mend: string | null;
}

/** One question of doctor. Checks know nothing of each other, and all run at once. */
export interface Check<World> {
  readonly name: string;
  /** The region or vantage that it looks at; null where it is about the whole. */
  readonly region: string | null;
  run(world: World): Promise<CheckResult>;
}

export interface Checked extends CheckResult {
  readonly check: string;
  readonly region: string | null;
}

export function passed(says: string): CheckResult {
  return { outcome: 'pass', says, mend: null };
}

export function problem(outcome: Exclude<Outcome, 'pass'>, says: string, mend: string): CheckResult {
  return { outcome, says, mend };
}

/** The worst comes last: what is broken is surer than what could not be looked at. */
const ORDER: readonly Outcome[] = ['pass', 'warn', 'unable', 'fail'];

export function worstOf(findings: readonly CheckResult[]): Outcome {
  const rank = Math.max(0, ...findings.map(({ outcome }) => ORDER.indexOf(outcome)));
  return ORDER[rank] ?? 'pass';
}
