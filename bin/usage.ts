import type { Outcome } from '../lambda/smtp/sample.ts';

/** Exit codes of monitoring plugins (https://www.monitoring-plugins.org/doc/guidelines.html). */
export const EXIT = { pass: 0, warn: 1, fail: 2, unable: 3 } as const satisfies Record<Outcome, number>;

/** The person at the keyboard has to change something: the message names the place and the fix. Exit code 3. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
