import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('all evaluators together are smaller than 80 KB, minified', async () => {
  const folder = join(import.meta.dirname, '../../lambda/standards');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const contents = files.map((file) => `export * from './${file}';`).join('\n');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  const octets = outputFiles[0]?.contents.length ?? 0;
  expect(octets).toBeGreaterThan(20_000);
  expect(octets).toBeLessThan(80_000);
});
