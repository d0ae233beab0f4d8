/** The browser of the tests: Debian's Chromium. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/** Milliseconds. A limit of what never ends. */
const PATIENCE = 120_000;

const executable = findExecutable();

/** Why there is no browser; null if there is one. */
export const NO_BROWSER: string | null = executable === null ? `none of ${NAMES.join(', ')} is on the path` : null;

/** Without the sandbox, which a container cannot have. The pages come from this machine. */
export async function startBrowser(): Promise<Browser> {
  if (executable === null) throw new Error(NO_BROWSER ?? '');
  return await chromium.launch({
    executablePath: executable,
    args: ['--no-sandbox', '--disable-gpu'],
    timeout: PATIENCE,
  });
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
