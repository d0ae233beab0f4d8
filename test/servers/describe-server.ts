import { describe } from 'vitest';

/**
 * The tests of a server that may not be installed.
 * @param reason why it cannot run here; then each test is counted as skipped, under a title with the reason, which the gate lists
 */
export function describeServer(name: string, reason: string | null, tests: () => void): void {
  describe.skipIf(reason !== null)(reason === null ? name : `${name} (${reason})`, tests);
}
