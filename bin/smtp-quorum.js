#!/usr/bin/env node
// Plain JavaScript, so that `node` can run it right after `npm ci`. It runs the bundles of `npm run build:cli`, which take a
// fraction of the CPU. In a checkout whose sources have changed since, it registers the TypeScript loader and runs the sources.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// Disables the warning of the AWS SDK about Node 20. The lock file decides which version of the SDK runs.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What one small bundle can do: `probe`, and the help and version that need no command. */
const isQuick = [undefined, '--help', '-h', '--version', '-V', 'probe'].includes(process.argv[2]);

if (existsSync(`${root}bin/smtp-quorum.ts`) && !isFresh(isQuick ? 'probe-sources' : 'sources')) {
  const { register } = await import('tsx/esm/api');
  register();
  if (process.argv[2] === 'start') await (await import('./build/page-assets.ts')).buildPageAssetsUnlessFresh();
  await import('./smtp-quorum.ts');
} else if (isQuick) createRequire(import.meta.url)('../dist/bin/probe.cjs');
else await import('../dist/bin/smtp-quorum.js');

/** Whether each source is as it was when the bundle was built. */
function isFresh(name) {
  try {
    const stamps = JSON.parse(readFileSync(`${root}dist/bin/${name}.json`, 'utf8'));
    return stamps.every(([path, time, size]) => {
      const now = statSync(root + path);
      return now.mtimeMs === time && now.size === size;
    });
  } catch {
    return false;
  }
}
