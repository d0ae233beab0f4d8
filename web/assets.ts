/**
 * Scripts and styles of the status page. `npm run build:cli` bundles the scripts into `dist/web/assets`, which is part of the
 * package. A Lambda function has that folder, with the same path, beside its module.
 */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PAGE_STYLE } from './pages/page-style.ts';
import { type SiteFile, siteFile } from './site-file.ts';

/** From the root of the package, or of the code of a function. */
const FOLDER = 'dist/web/assets';

const SCRIPTS = ['page.js', 'history.js'] as const;

let read: ReadonlyMap<string, SiteFile> | null = null;

/** By path, without a slash at its beginning. They do not change while the process runs. */
export function pageAssets(): ReadonlyMap<string, SiteFile> {
  read ??= readAssets();
  return read;
}

function readAssets(): ReadonlyMap<string, SiteFile> {
  const folder = assetFolder(dirname(fileURLToPath(import.meta.url)));
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const scripts = SCRIPTS.map((name) => [name, siteFile('js', text(name))] as const);
  // One file, so that a page waits for one.
  return new Map([['page.css', siteFile('css', `${PAGE_STYLE}${text('history.css')}`)], ...scripts]);
}

/** @param from the folder of this code, whether it runs as TypeScript or from `dist/` */
function assetFolder(from: string): string {
  const folder = join(from, FOLDER);
  if (existsSync(join(folder, 'page.js'))) return folder;
  const above = dirname(from);
  if (above === from) throw new Error(`${FOLDER} is not there; npm run build:cli makes it`);
  return assetFolder(above);
}
