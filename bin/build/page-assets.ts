/** Builds the scripts of the status page, and the style that comes with them, in `dist/web/assets`. */
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { isFresh, replaceFile, root, stampsOf } from './fresh-build.ts';

const STAMPS = 'page-sources.json';

/** Classic scripts, because modules do not run from `file:`. */
const OPTIONS: BuildOptions = {
  absWorkingDir: root,
  write: false,
  metafile: true,
  bundle: true,
  minify: true,
  platform: 'browser',
  target: ['es2022', 'chrome103', 'firefox104', 'safari16'],
  format: 'iife',
  // Not by the file: it extends one that an image does not have.
  tsconfigRaw: { compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'preact' } },
  entryPoints: {
    page: 'web/script/page.ts',
    history: 'web/script/history.tsx',
    'history-style': 'web/script/history.css',
  },
  legalComments: 'none',
  logLevel: 'warning',
};

/** @param to where it is written; beside it, `bin` has what it was made of */
export async function buildPageAssets(to = join(root, 'dist')): Promise<Pick<Metafile, 'inputs'>> {
  const { outputFiles = [], metafile } = await build({ ...OPTIONS, outdir: join(to, 'web/assets') });
  const made = metafile ?? { inputs: {} };
  for (const { path, contents } of outputFiles) replaceFile(path.replace('history-style', 'history'), contents);
  replaceFile(join(to, 'bin', STAMPS), stampsOf(made));
  return made;
}

export async function buildPageAssetsUnlessFresh(to = join(root, 'dist')): Promise<void> {
  if (!isFresh(join(to, 'bin', STAMPS), import.meta.filename)) await buildPageAssets(to);
}
