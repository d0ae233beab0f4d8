/** The code of deployed functions, exchanged by hand for that of another release or config. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { buildSync } from 'esbuild';
import type { Config } from '../../lambda/config/config.ts';
import { bundle, configFile, options } from '../../lib/function/bundle.ts';
import { configFor } from '../../lib/function/code.ts';
import type { Caller } from './identity.ts';

/** `before` had no routing: it told all who wanted an alert by `when`. */
export type Release = 'before' | 'present';
type Exchanged = 'judge' | 'deliver';

const root = resolve(import.meta.dirname, '../..');
/** The judge and `deliver` of the release before, as esbuild wrote them; packages are imported. */
const kept = join(root, 'test/fixtures/functions-before-routing.json.gz');

/** Gives a function the code of a release, with this config. */
export async function exchange(caller: Caller, handler: Exchanged, release: Release, config: Config, folder: string) {
  const ZipFile = zipOf(handler, release, config, folder);
  const FunctionName = `${config.name}-${handler}`;
  await new LambdaClient(caller).send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
}

const zips = new Map<string, Uint8Array>();

function zipOf(handler: Exchanged, release: Release, whole: Config, folder: string): Uint8Array {
  const config = configFor(handler, whole);
  const key = `${handler} ${release} ${JSON.stringify(config)}`;
  const zip = zips.get(key) ?? zipped(handler, release, config, folder);
  zips.set(key, zip);
  return zip;
}

function zipped(handler: Exchanged, release: Release, config: Config, folder: string): Uint8Array {
  const to = mkdtempSync(join(folder, `${handler}-`));
  if (release === 'present') bundle(handler, config, to);
  else bundleBefore(handler, config, to);
  const { status, stderr } = spawnSync('python3', ['-m', 'zipfile', '-c', 'code.zip', 'index.mjs', configFile], {
    cwd: to,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return readFileSync(join(to, 'code.zip'));
}

export function bundleBefore(handler: Exchanged, config: Config, to: string): void {
  const sources = join(to, 'sources');
  mkdirSync(sources);
  const files: Record<string, string> = JSON.parse(gunzipSync(readFileSync(kept)).toString('utf8'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(sources, name), text);
  buildSync({
    ...options,
    entryPoints: [join(sources, `${handler}.mjs`)],
    outfile: join(to, 'index.mjs'),
    nodePaths: [join(root, 'node_modules')],
    alias: {
      '@aws-sdk/credential-provider-node': join(root, 'lambda/aws/credentials.ts'),
      '@aws-sdk/endpoint-cache': join(root, 'lambda/aws/sdk/empty-endpoint-cache.ts'),
    },
  });
  writeFileSync(join(to, configFile), JSON.stringify(config));
}
