/** Without script, and as saved, the pages say what they have to say. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageServer } from '../../local/web/page-server.ts';
import { startBrowser } from './chromium.ts';
import { describeBrowser } from './describe-browser.ts';
import { monthsOfTargets } from './example-snapshots.ts';
import { pageKinds } from './published-pages.ts';
import { saveSite } from './saved-site.ts';
import { serveSnapshot } from './served-site.ts';
import { withPage } from './watched-page.ts';

/** What a reader finds on a page of this kind. */
const SAYS: readonly (readonly [kind: RegExp, words: readonly RegExp[]])[] = [
  [
    /^\/index/,
    [/2 of 8 mail servers are down/, /mx1\.customer-1/, /us-east-1/, /99\.98 %/, /UTC/, /storage-insufficient/],
  ],
  [/^targets down/, [/mx1\.customer-1/, /Down/, /554 5\.3\.1 Mail system full/, /us-east-1/, /90 days/, /UTC/]],
  [/^incidents open/, [/mx1\.customer-1/, /quorum 2/, /storage-insufficient/, /554 5\.3\.1 Mail system full/, /UTC/]],
  [/^incidents ended/, [/recovered/, /21 min/, /ops@example\.com/, /UTC/]],
];

describeBrowser('a reader', () => {
  let browser: Browser;
  let site: PageServer;
  let kinds: readonly (readonly [kind: string, path: string])[];

  beforeAll(async () => {
    [browser, site] = await Promise.all([startBrowser(), serveSnapshot(monthsOfTargets(8, Date.now()))]);
    kinds = await pageKinds(browser, site.url);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test('without script reads the overview, a target and an incident', async () => {
    await withPage(browser, { javaScriptEnabled: false }, async (page) => {
      for (const [kind, words] of SAYS) {
        await page.goto(site.url + pathOf(kinds, kind));
        const text = await visibleText(page);
        for (const word of words) expect(text, String(kind)).toMatch(word);
        // What nothing can be done with is not shown.
        expect(await page.locator('main button:visible, main input:visible').count(), String(kind)).toBe(0);
      }
    });
  });

  test.each([360, 1440])(
    'without script sees the newest sessions of a target without scrolling, at %i px',
    async (width) => {
      const viewport = { width, height: 900 };
      await withPage(browser, { javaScriptEnabled: false, viewport }, async (page) => {
        await page.goto(site.url + pathOf(kinds, /^targets down/));
        const boxes = await page.locator('.heat svg, .latency svg').all();
        expect(boxes.length).toBeGreaterThan(3);
        const rights = await Promise.all(boxes.map((box) => box.boundingBox()));
        for (const box of rights) {
          const { x = 0, width: own = 0 } = box ?? {};
          expect(x + own).toBeLessThanOrEqual(width);
          expect(own).toBeGreaterThan(0.5 * Math.min(width, 1080));
        }
        expect(await page.locator('.heat rect.fail').last().isVisible()).toBe(true);
        const history = await page.locator('#history, section:has(> .latency)').first().boundingBox();
        expect(history?.height).toBeLessThan(330);
      });
    },
  );

  test('of saved pages reads them from the disk, with times of the own zone', async () => {
    const paths = SAYS.map(([kind]) => pathOf(kinds, kind));
    await using saved = await saveSite(site.url, paths);
    await withPage(browser, { timezoneId: 'Asia/Kathmandu', locale: 'en-GB' }, async (page) => {
      for (const [nth, [kind, words]] of SAYS.entries()) {
        await page.goto(saved.files[nth] ?? '');
        const text = await visibleText(page);
        for (const word of words.filter(({ source }) => source !== 'UTC')) expect(text, String(kind)).toMatch(word);
        const time = page
          .locator('time')
          .filter({ hasText: /\d\d:\d\d/ })
          .first();
        const shown = new Date((await time.getAttribute('datetime')) ?? '').getTime() + 345 * 60_000;
        expect(await time.textContent(), String(kind)).toContain(new Date(shown).toISOString().slice(11, 16));
        expect(await time.getAttribute('title'), String(kind)).toMatch(/UTC/);
      }
    });
  });
});

function pathOf(kinds: readonly (readonly [kind: string, path: string])[], wanted: RegExp): string {
  const [, path] = kinds.find(([kind]) => wanted.test(kind)) ?? [];
  if (path === undefined) throw new Error(`no page is ${wanted}: ${kinds.map(([kind]) => kind).join(', ')}`);
  return path;
}

/** With what is folded opened by hand, which needs no script. */
async function visibleText(page: Page): Promise<string> {
  const folded = page.locator('details:not([open]) > summary:visible');
  while ((await folded.count()) > 0) await folded.first().click();
  return (await page.locator('body').ariaSnapshot()).replace(/\s+/g, ' ');
}
