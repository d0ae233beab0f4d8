import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { budgets, EVALUATORS, weigh } from '../../bench/bundle.ts';
import { handlerNames } from '../../lib/function/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(handlerNames)(
  'the bundle of %s keeps to the budget, and is imported without doing anything',
  async (handler) => {
    const directory = mkdtempSync(join(folder, handler));
    const { minified, zipped, evaluators } = weigh(handler, directory);
    expect(minified).toBeLessThan(budgets[handler].minified);
    expect(zipped).toBeLessThan(budgets[handler].zipped);
    expect(evaluators).toBeLessThan(EVALUATORS);
    // No environment is set here: an import that read it would throw.
    const module = await import(/* @vite-ignore */ pathToFileURL(join(directory, 'index.mjs')).href);
    expect(module.handler).toBeTypeOf('function');
  },
);
