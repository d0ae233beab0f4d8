import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { budget, weigh } from '../../bench/bundle.ts';
import { handlerNames } from '../../lib/function/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(handlerNames)(
  'the bundle of %s keeps to the budget, and is imported without doing anything',
  async (handler) => {
    const directory = mkdtempSync(join(folder, handler));
    const { minified, zipped } = weigh(handler, directory);
    expect(minified).toBeLessThan(budget.minified);
    expect(zipped).toBeLessThan(budget.zipped);
    // No environment is set here: an import that read it would throw.
    const module = await import(/* @vite-ignore */ pathToFileURL(join(directory, 'index.mjs')).href);
    expect(module.handler).toBeTypeOf('function');
  },
);
