import { cpSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import type { Config } from '../../lambda/config/config.ts';
import { shippedFile } from '../deployment/shipped-file.ts';

/** The handlers, as files of `lambda/`. */
export const handlerNames = [
  'probe',
  'judge',
  'rollup',
  'deliver',
  'notify',
  'posture-watch',
  'bounce-watch',
  'bounce-mailbox',
  'trip-run',
  'answer',
  'publish',
] as const;

export type HandlerName = (typeof handlerNames)[number];

/** Name of the config's file beside the bundled module. */
export const configFile = 'config.json';

/** What esbuild needs to know, apart from the handler; a change of it changes every asset. */
export const options: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // The SDK's ES modules can be shaken; its CommonJS ones, which esbuild prefers for node, cannot: 621 KB became 257.
  mainFields: ['module', 'main'],
  // CommonJS dependencies call require() for Node's own modules.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  legalComments: 'none',
  logLevel: 'warning',
};

/** Scripts and styles of the status page, beside the module under the same path: `web/assets.ts` reads them. */
const ASSETS = 'dist/web/assets';

/** Writes a handler with all that it imports as one module, and the config beside it. */
export function bundle(handler: HandlerName, config: Config, directory: string): Metafile {
  const { metafile } = buildSync({
    ...options,
    metafile: true,
    entryPoints: [sourceOf(`../../lambda/${handler}/handler`)],
    outfile: join(directory, 'index.mjs'),
    alias: {
      '@aws-sdk/credential-provider-node': sourceOf('../../lambda/aws/credentials'),
      '@aws-sdk/endpoint-cache': sourceOf('../../lambda/aws/sdk/empty-endpoint-cache'),
      '@smithy/core/event-streams': sourceOf('../../lambda/aws/sdk/no-event-streams'),
    },
  });
  writeFileSync(join(directory, configFile), JSON.stringify(config));
  if (handler === 'publish') cpSync(shippedFile(ASSETS), join(directory, ASSETS), { recursive: true });
  return metafile;
}

/** From TypeScript here the sources are `.ts`; in the published package both are `.js`. */
function sourceOf(path: string): string {
  return fileURLToPath(new URL(`${path}${extname(import.meta.url)}`, import.meta.url));
}
