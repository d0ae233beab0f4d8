/** WCAG 2.2 AA as far as axe-core can tell, and reflow, of each kind of page in both themes and at two widths. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyMonthCache, readMonths } from '../../lambda/reports/months/read-months.ts';
import type { PageServer } from '../../local/web/page-server.ts';
import { reportFiles } from '../../web/report-files.ts';
import { end, recordMonth } from '../reports/months/recorded-month.ts';
import { startBrowser } from './chromium.ts';
import { describeBrowser } from './describe-browser.ts';
import { monthsOfTargets, withAllParts } from './example-snapshots.ts';
import { overflow } from './overflow.ts';
import { pageKinds } from './published-pages.ts';
import { filesWithHistory, serveFiles } from './served-site.ts';
import { withPage } from './watched-page.ts';

/** Of WCAG 2.2 AA, and what axe-core recommends besides. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** CSS pixels. */
const WIDTHS = [360, 1440] as const;

describeBrowser('each kind of page', () => {
  let browser: Browser;
  let site: PageServer;
  let kinds: readonly (readonly [kind: string, path: string])[];

  beforeAll(async () => {
    const now = Date.now();
    const snapshot = withAllParts(monthsOfTargets(4, now), now);
    const { source } = await recordMonth();
    const months = await readMonths(emptyMonthCache(), source, ['mx1', 'mx2'], end);
    site = await serveFiles(new Map([...(await filesWithHistory(snapshot, 2)), ...reportFiles(snapshot, months)]));
    browser = await startBrowser();
    const pages = await pageKinds(browser, site.url);
    // The target that is down is the one whose session is open.
    const others = pages.filter(([kind]) => kind !== 'targets down' && kind !== 'targets degraded');
    expect(others.map(([kind]) => kind.split(' ')[0])).toContain('reports');
    kinds = [...others, ['session', await sessionPath(browser, site.url)]];
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test.each(WIDTHS)('has no violation at %s px in either theme', async (width) => {
    await withPage(browser, { colorScheme: 'light', viewport: { width, height: 900 } }, async (page) => {
      const found: string[] = [];
      for (const [kind, path] of kinds) {
        await openPage(page, site.url + path);
        found.push(...(await violations(page, { runOnly: TAGS })).map((fault) => `${kind}: ${fault}`));
        // The themes differ in colours alone.
        await page.emulateMedia({ colorScheme: 'dark' });
        found.push(
          ...(await violations(page, { runOnly: ['color-contrast'] })).map((fault) => `${kind}, dark: ${fault}`),
        );
        await page.emulateMedia({ colorScheme: 'light' });
      }
      expect(found).toEqual([]);
    });
  });

  /** WCAG 2.2 asks for 320 px, a window of 1,280 at 400 % (1.4.10), and for text of twice its size (1.4.4). */
  test.each([
    ['at 320 px', 320, '100%'],
    ['at 720 px with text of twice the size', 720, '200%'],
  ])('does not scroll sideways %s', async (_, width, fontSize) => {
    await withPage(browser, { viewport: { width, height: 900 } }, async (page) => {
      const found: string[] = [];
      for (const [kind, path] of kinds) {
        await openPage(page, site.url + path);
        await page.evaluate(`document.documentElement.style.fontSize = '${fontSize}'`);
        found.push(...(await overflow(page)).map((fault) => `${kind}: ${fault}`));
      }
      expect(found).toEqual([]);
    });
  });

  test('shows the outcome of each session in the colours of the reader, too', async () => {
    await withPage(browser, { forcedColors: 'active' }, async (page) => {
      await page.goto(`${site.url}/targets/mx1.customer-1.html`);
      await page.locator('.heat-cells button.fail').first().waitFor();
      for (const outcome of ['pass', 'fail']) {
        const [cell, card] = await page.evaluate<readonly string[]>(looksOf(`.heat-cells .${outcome}`));
        expect([outcome, cell]).not.toEqual([outcome, card]);
      }
    });
  });

  test('moves nothing for a reader who asked for no motion', async () => {
    await withPage(browser, { reducedMotion: 'reduce' }, async (page) => {
      for (const [kind, path] of kinds) {
        await page.goto(site.url + path);
        const moving = await page.evaluate<readonly string[]>(MOVING);
        expect(moving, kind).toEqual([]);
      }
    });
  });
});

/** The backgrounds of what is drawn in a cell, and of the page. */
const looksOf = (selector: string) => `[[${JSON.stringify(selector)}, '::after'], ['body']].map(([of, part]) => {
  const { backgroundColor, backgroundImage } = getComputedStyle(document.querySelector(of), part);
  return backgroundImage === 'none' ? backgroundColor : backgroundImage;
})`;

/** Elements with a transition or an animation that takes time. */
const MOVING = `[...document.querySelectorAll('*')].filter((one) => {
  const { transitionDuration, animationName, animationDuration } = getComputedStyle(one);
  const lasts = (text) => text.split(',').some((part) => parseFloat(part) > 0.01);
  return lasts(transitionDuration) || (animationName !== 'none' && lasts(animationDuration));
}).map((one) => one.outerHTML.slice(0, 80))`;

/** The page of a target with the session open that failed last, beside the one before. */
async function sessionPath(browser: Browser, url: string): Promise<string> {
  return await withPage(browser, {}, async (page) => {
    await page.goto(`${url}/targets/mx1.customer-1.html`);
    await page.locator('.heat-cells button.fail').last().click();
    await page.locator('.session-panel select').first().selectOption({ index: 1 });
    await page.locator('.session-panel .session').nth(1).waitFor();
    const { pathname, hash } = new URL(page.url());
    return pathname + hash;
  });
}

/** With all that is folded, and the session of a link. */
async function openPage(page: Page, url: string): Promise<void> {
  // A link to another part of the same page would not load it.
  await page.goto('about:blank');
  await page.goto(url);
  if (url.includes('#')) await page.locator('.session-panel .session').nth(1).waitFor();
  await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
}

async function violations(page: Page, rules: { readonly runOnly: readonly string[] }): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const options = JSON.stringify({ ...rules, resultTypes: ['violations'] });
  const found = await page.evaluate<axe.Result[]>(`axe.run(document, ${options}).then(({ violations }) => violations)`);
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.length} such as ${nodes[0]?.html.slice(0, 200)}`);
}
