/** The browser of the tests: Debian's Chromium. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

const executable = findExecutable();

/** Without a browser each test is counted as skipped, under a title with the reason, which the gate lists. */
export function describeBrowser(name: string, tests: () => void): void {
  const title = executable === null ? `${name} (none of ${NAMES.join(', ')} is on the path)` : name;
  describe.skipIf(executable === null)(title, tests);
}

/** Without the sandbox, which a container cannot have. The pages come from this machine. */
export async function startBrowser(): Promise<Browser> {
  if (executable === null) throw new Error('there is no browser');
  return await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu'] });
}

function findExecutable(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
