/**
 * Builds the command line: one bundle per entry in `dist/bin`, with chunks that commands load on demand. From the sources the
 * loader of TypeScript takes eight times the CPU of Node itself.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

/** Packages with native code, with files of their own, or that are optional. All others are bundled. */
const EXTERNAL = ['aws-cdk-lib', 'constructs', 'esbuild', 'tsx', 'classic-level', 'dynalite', 'smtp-server'];

const STAMPS = 'sources.json';

/**
 * Writes the bundles, and beside them what they were made of: `bin/smtp-quorum.js` uses them only while no source has
 * changed since. The names of chunks contain a hash, so that a process that runs meanwhile still finds its own.
 */
export async function buildCommandLine(to = join(root, 'dist/bin')): Promise<void> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { 'smtp-quorum': 'bin/smtp-quorum.ts' },
    outdir: to,
    write: false,
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: EXTERNAL,
    banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
    chunkNames: 'chunks/[name]-[hash]',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  rmSync(join(to, STAMPS), { force: true });
  removeOldChunks(join(to, 'chunks'));
  for (const { path, contents } of outputFiles.sort((a, b) => b.path.length - a.path.length))
    replaceFile(path, contents);
  const inputs = Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules/'));
  const stamps = [...inputs, 'package.json', 'package-lock.json'].sort().map(stampOf);
  replaceFile(join(to, STAMPS), JSON.stringify(stamps));
}

/** Path from the root, time of change, and size. */
function stampOf(path: string): readonly [string, number, number] {
  const { mtimeMs, size } = statSync(join(root, path));
  return [path, mtimeMs, size];
}

function replaceFile(path: string, contents: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, contents);
  renameSync(fresh, path);
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
