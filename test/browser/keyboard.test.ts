/** Everything that a mouse reaches, the keyboard reaches, once and in order, and one sees where it is. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageServer } from '../../local/web/page-server.ts';
import { startBrowser } from './chromium.ts';
import { describeBrowser } from './describe-browser.ts';
import { monthsOfTargets } from './example-snapshots.ts';
import { pageKinds } from './published-pages.ts';
import { filesWithHistory, serveFiles } from './served-site.ts';
import { withPage } from './watched-page.ts';

/** Of the snapshot. A day may end while the tests run. */
const NOW = Date.now();

describeBrowser('the keyboard', () => {
  let browser: Browser;
  let site: PageServer;

  beforeAll(async () => {
    site = await serveFiles(await filesWithHistory(monthsOfTargets(4, NOW), 1));
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test('reaches everything once, in the order of the page, and shows where it is', async () => {
    await withPage(browser, {}, async (page) => {
      for (const [kind, path] of await pageKinds(browser, site.url)) {
        await page.goto(site.url + path);
        const wanted = await page.evaluate<number>(MARK_REACHABLE);
        const stops = await walk(page, wanted + 3);
        expect(
          stops.map(({ order }) => order),
          kind,
        ).toEqual(Array.from({ length: wanted }, (_, nth) => nth));
        expect(
          stops.filter(({ isSeen }) => !isSeen).map(({ markup }) => markup),
          kind,
        ).toEqual([]);
      }
    });
  });

  test('skips to the content first', async () => {
    await withPage(browser, {}, async (page) => {
      await page.goto(site.url);
      await page.keyboard.press('Tab');
      const skip = page.locator(':focus');
      expect(await skip.textContent()).toMatch(/skip/i);
      expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await page.evaluate("document.activeElement.closest('main') !== null")).toBe(true);
    });
  });

  test('goes along the days by arrows, and hears and sees each', async () => {
    await withPage(browser, {}, async (page) => {
      await page.goto(site.url);
      const days = page.getByRole('slider').first();
      await days.focus();
      const today = await days.getAttribute('aria-valuetext');
      await page.keyboard.press('ArrowLeft');
      const yesterday = await days.getAttribute('aria-valuetext');
      expect(today?.slice(0, 10)).toBe(new Date(NOW).toISOString().slice(0, 10));
      expect(Date.parse(today?.slice(0, 10) ?? '') - Date.parse(yesterday?.slice(0, 10) ?? '')).toBe(86_400_000);
      expect(await page.locator('.tip').textContent()).toBe(yesterday);
      expect(await page.locator('.tip').isVisible()).toBe(true);
      await page.keyboard.press('Home');
      expect(await days.getAttribute('aria-valuenow')).toBe('1');
      await page.keyboard.press('Escape');
      expect(await page.locator('.tip').isVisible()).toBe(false);
    });
  });

  test('opens what is folded', async () => {
    await withPage(browser, {}, async (page) => {
      await page.goto(site.url);
      const summary = page.locator('summary').first();
      await summary.focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('details').first().getAttribute('open')).not.toBeNull();
    });
  });
});

/** Numbers what can be reached, as it is in the document. What is folded, or not shown, cannot be. */
const MARK_REACHABLE = `(() => {
  const can = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const found = [...document.querySelectorAll(can)].filter(
    (one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false }),
  );
  found.forEach((one, nth) => { one.dataset.order = nth; });
  return found.length;
})()`;

interface Stop {
  readonly order: number;
  /** It is in the window, and has an outline, a border or a shadow that it has only now. */
  readonly isSeen: boolean;
  readonly markup: string;
}

async function walk(page: Page, most: number): Promise<readonly Stop[]> {
  const stops: Stop[] = [];
  while (stops.length < most) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate<Stop | null>(STOP);
    // Behind the last one is the browser itself, or the first one again.
    if (stop === null || (stops.length > 0 && stop.order === stops[0]?.order)) break;
    stops.push(stop);
  }
  return stops;
}

const STOP = `(() => {
  const one = document.activeElement;
  if (one === null || one === document.body) return null;
  const look = () => {
    const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(one);
    return [outlineStyle === 'none' ? '' : outlineWidth, boxShadow, borderColor, backgroundColor].join();
  };
  const { top, bottom, left, right } = one.getBoundingClientRect();
  const isInside = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  const focused = look();
  one.blur();
  const differs = look() !== focused;
  one.focus({ focusVisible: true, preventScroll: true });
  return { order: Number(one.dataset.order ?? -1), isSeen: isInside && differs, markup: one.outerHTML.slice(0, 120) };
})()`;
