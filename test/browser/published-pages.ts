/** All pages of a site, found by their links. */
import type { Browser } from 'playwright-core';
import { withPage } from './watched-page.ts';

const MOST_PAGES = 60;

/** Opens each page that a link leads to, and requests every other file; what is not there, or goes wrong, fails the test. */
export async function publishedPages(browser: Browser, url: string): Promise<readonly string[]> {
  return await withPage(browser, {}, async (page) => {
    const paths = ['/index.html'];
    for (const path of paths) {
      if (paths.length > MOST_PAGES) throw new Error(`more than ${MOST_PAGES} pages`);
      if (!path.endsWith('.html')) {
        const { status } = await page.request.get(url + path).then((answer) => ({ status: answer.status() }));
        if (status !== 200) throw new Error(`${path}: status ${status}`);
        continue;
      }
      await page.goto(url + path);
      const links = await page
        .locator('a[href], link[href]')
        .evaluateAll((found) => found.map((one) => (one as unknown as { href: string }).href));
      for (const link of links) {
        const { origin, pathname } = new URL(link);
        if (origin === url && !paths.includes(pathname === '/' ? '/index.html' : pathname)) paths.push(pathname);
      }
    }
    return paths.filter((path) => path.endsWith('.html'));
  });
}

/** One page of each kind; of incidents an open and an ended one, of targets one that is down and one that is up. */
export async function pageKinds(
  browser: Browser,
  url: string,
): Promise<readonly (readonly [kind: string, path: string])[]> {
  const paths = await publishedPages(browser, url);
  const kinds = new Map<string, string>();
  const answers = await Promise.all(paths.map(async (path) => [path, await (await fetch(url + path)).text()] as const));
  for (const [path, text] of answers) {
    const [, folder = path] = /^\/(\w+)\//.exec(path) ?? [];
    const title = /<h1[^>]*>(.*?)<\/h1>/s.exec(text)?.[1] ?? '';
    const state = /\b(down|degraded|up|open|ended)\b/i.exec(title.replace(/<[^>]*>/g, ' '))?.[1] ?? '';
    const kind = `${folder} ${state.toLowerCase()}`;
    if (!kinds.has(kind)) kinds.set(kind, path);
  }
  return [...kinds];
}
