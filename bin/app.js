// Plain JavaScript, so that the CDK command line can run it with `node`. The published package has the app compiled; in a
// checkout it registers the TypeScript loader first.
import { existsSync } from 'node:fs';

if (existsSync(new URL('./app.ts', import.meta.url))) {
  const { register } = await import('tsx/esm/api');
  register();
  await import('./app.ts');
} else await import('../dist/bin/app.js');
