import { describe } from 'vitest';
import { NO_BROWSER } from './chromium.ts';

/** Without a browser each test is counted as skipped, under a title with the reason, which the gate lists. */
export function describeBrowser(name: string, tests: () => void): void {
  describe.skipIf(NO_BROWSER !== null)(NO_BROWSER === null ? name : `${name} (${NO_BROWSER})`, tests);
}
