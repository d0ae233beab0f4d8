import { escapeForDisplay, escapeLines } from '../../lambda/smtp/bounds/escape.ts';
import type { Outcome } from '../../lambda/smtp/sample/sample.ts';

/** Exit codes of monitoring plugins (https://www.monitoring-plugins.org/doc/guidelines.html). */
export const EXIT_CODES = { pass: 0, warn: 1, fail: 2, unable: 3 } as const satisfies Record<Outcome, number>;

/** An error that the user can fix. The message names the option or file, and the fix. Exit code 3. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** By its name: another bundle has a class of its own. */
function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === 'UsageError';
}

/** An error in one line: the first of several errors, and the name of an error without a message. */
export function errorText(error: unknown): string {
  if (isUsageError(error)) return escapeLines(error.message);
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0) {
    return errorText(error.errors[0]);
  }
  if (!(error instanceof Error)) return escapeForDisplay(String(error));
  return escapeForDisplay(error.message || (error as NodeJS.ErrnoException).code || error.name);
}

/** Whether the error means that the server cannot be reached. */
export function isUnreachable(error: unknown): boolean {
  const { code, errors } = error as { code?: string; errors?: readonly unknown[] };
  return (
    [
      'ECONNREFUSED',
      'ECONNRESET',
      'EPIPE',
      'ENOTFOUND',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'ETIMEDOUT',
      'EAI_AGAIN',
    ].includes(code ?? '') ||
    (errors?.some(isUnreachable) ?? false)
  );
}
