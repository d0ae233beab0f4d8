import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { pageAssets } from '../../web/assets.ts';

/** Bytes of all scripts and styles, compressed. */
const MOST_BYTES = 100_000;

test('scripts and styles of the page are small', () => {
  const sizes = [...pageAssets()].map(([path, { body }]) => [path, gzipSync(body).length] as const);
  expect(sizes.map(([path]) => path).sort()).toEqual(['history.js', 'page.css', 'page.js']);
  expect(sizes.reduce((all, [, size]) => all + size, 0)).toBeLessThan(MOST_BYTES);
});

test('scripts are classic: modules do not run from file:, and a policy without eval forbids it', () => {
  for (const [path, { body, type }] of pageAssets()) {
    if (!path.endsWith('.js')) continue;
    expect(type).toBe('text/javascript; charset=utf-8');
    expect(body).not.toMatch(/^\s*(?:import|export)\b|\bimport\(|\beval\(|new Function\(/m);
  }
});
