/** Pages as a reader saves them: each with the style, icon and scripts that it names, and nothing else. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

interface SavedSite extends AsyncDisposable {
  /** `file:` addresses of the pages. */
  readonly files: readonly string[];
}

export async function saveSite(url: string, paths: readonly string[]): Promise<SavedSite> {
  const folder = await mkdtemp(path.join(tmpdir(), 'smtp-quorum-saved-'));
  const saved = new Set<string>();
  const save = async (address: string): Promise<string> => {
    const { pathname } = new URL(address);
    const file = path.join(folder, pathname);
    if (saved.has(file)) return '';
    saved.add(file);
    const text = await (await fetch(address)).text();
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return text;
  };
  for (const page of paths) {
    const text = await save(url + page);
    for (const [, named = ''] of text.matchAll(
      /(?:<script[^>]* src|<link rel="(?:stylesheet|icon)" href)="([^"]+)"/g,
    )) {
      await save(new URL(named, url + page).href);
    }
  }
  return {
    files: paths.map((page) => pathToFileURL(path.join(folder, page)).href),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
