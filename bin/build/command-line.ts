/**
 * Builds the command line, and the scripts of the status page: one bundle per entry in `dist/bin`, with chunks that commands
 * load on demand. From the sources the loader of TypeScript takes eight times the CPU of Node itself.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { isFresh, replaceFile, root, stampsOf } from './fresh-build.ts';
import { buildPageAssets, buildPageAssetsUnlessFresh } from './page-assets.ts';

/** Packages with native code, with files of their own, or that are optional. All others are bundled. */
const EXTERNAL = ['aws-cdk-lib', 'constructs', 'esbuild', 'tsx', 'classic-level', 'dynalite', 'smtp-server'];

const ALL_STAMPS = 'sources.json';
const PROBE_STAMPS = 'probe-sources.json';

/** What both builds have in common. */
const COMMON: BuildOptions = {
  absWorkingDir: root,
  write: false,
  metafile: true,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  // The SDK's ES modules can be shaken, its CommonJS ones cannot.
  mainFields: ['module', 'main'],
  external: EXTERNAL,
  legalComments: 'none',
  logLevel: 'warning',
};

/** Every command. Names must stay, because errors are told apart by them. */
const ALL: BuildOptions = {
  ...COMMON,
  entryPoints: {
    'smtp-quorum': 'bin/smtp-quorum.ts',
    'config-file': 'bin/arguments/config-file.ts',
    secrets: 'lambda/aws/secrets.ts',
  },
  splitting: true,
  keepNames: true,
  format: 'esm',
  banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
  chunkNames: 'chunks/[name]-[hash]',
};

/** What `probe` loads on demand, from the other build. */
const LATER = ['config-file', 'secrets'];

/** `probe`, and what needs no command: one file of CommonJS, which Node loads with less CPU than modules. */
const PROBE: BuildOptions = {
  ...COMMON,
  entryPoints: { probe: 'bin/smtp-quorum.ts' },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.url': '$url' },
  banner: { js: "const $url=require('node:url').pathToFileURL(__filename).href;" },
  plugins: [
    {
      name: 'commands',
      setup(on) {
        on.onResolve({ filter: /\.ts$/ }, ({ kind, path }) => {
          if (kind !== 'dynamic-import' || path.endsWith('/commands/probe.ts')) return undefined;
          const later = LATER.find((name) => path.endsWith(`/${name}.ts`) && !path.includes('/local/'));
          if (later !== undefined) return { path: `./${later}.js`, external: true };
          // The other commands run from the other build.
          return path.includes('/commands/') ? { path: './smtp-quorum.js', external: true } : undefined;
        });
      },
    },
  ],
};

/**
 * Writes the bundles, and beside them what they were made of: `bin/smtp-quorum.js` uses them only while no source has
 * changed since. The names of chunks contain a hash, so that a process that runs meanwhile still finds its own.
 */
export async function buildCommandLine(to = join(root, 'dist/bin')): Promise<void> {
  const [all, probe] = await Promise.all([ALL, PROBE].map((options) => build({ ...options, outdir: to })));
  if (all === undefined || probe === undefined) throw new Error('both builds are needed');
  for (const stamps of [ALL_STAMPS, PROBE_STAMPS]) rmSync(join(to, stamps), { force: true });
  removeOldChunks(join(to, 'chunks'));
  for (const { path, contents } of [...(all.outputFiles ?? []), ...(probe.outputFiles ?? [])])
    replaceFile(path, contents);
  // Scripts of the status page count as sources: a process that runs from the sources builds them anew.
  const page = await buildPageAssets(join(to, '..'));
  replaceFile(join(to, ALL_STAMPS), stampsOf({ inputs: { ...all.metafile?.inputs, ...page.inputs } }));
  replaceFile(join(to, PROBE_STAMPS), stampsOf(probe.metafile ?? { inputs: {} }));
}

/** For tests. A build is fresh while its sources, and the options above, are as they were when it was made. */
export async function buildUnlessFresh(to = join(root, 'dist/bin')): Promise<void> {
  const isBuilt = [ALL_STAMPS, PROBE_STAMPS].every((name) => isFresh(join(to, name), import.meta.filename));
  if (!isBuilt) await buildCommandLine(to);
  else await buildPageAssetsUnlessFresh(join(to, '..'));
}

const DAY = 86_400_000;

function removeOldChunks(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).mtimeMs < Date.now() - DAY) rmSync(path);
  }
}

if (process.argv[1] !== undefined && relative(process.argv[1], import.meta.filename) === '') await buildCommandLine();
