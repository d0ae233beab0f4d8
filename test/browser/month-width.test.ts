/** The report of a month with all its columns fits its window: planned work, service hours and an objective at once. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MonthReport, MonthTarget } from '../../lambda/reports/months/month.ts';
import type { PageServer } from '../../local/web/page-server.ts';
import { reportFiles } from '../../web/report-files.ts';
import { siteFiles } from '../../web/site.ts';
import { snapshotWith } from '../web/snapshot.ts';
import { startBrowser } from './chromium.ts';
import { describeBrowser } from './describe-browser.ts';
import { overflow } from './overflow.ts';
import { serveFiles } from './served-site.ts';
import { withPage } from './watched-page.ts';

const [HOUR, DAY] = [3_600_000, 86_400_000];
/** Its text is as long as that of any length: `12 h 59 min`. */
const LONG = 13 * HOUR - 1_000;

function monthTarget(nth: number): MonthTarget {
  const times = { up: 25 * DAY, degraded: LONG, down: LONG, unwatched: DAY + LONG };
  return {
    ...{ id: nth === 0 ? 'W'.repeat(63) : `mx${nth}.customer-${nth}`, tags: ['inbound', 'm'.repeat(24)], ...times },
    ...{ uptime: 98.888, outages: 10, toDetect: null, toRepair: null, latency: null, longest: LONG },
    planned: { length: LONG, down: LONG, uptimeOutside: 98.888 },
    service: { ...times, uptime: 98.888 },
    objective: { slo: 99.95, budget: 1_000, remaining: -LONG, burn: 1_000 },
    days: Array.from({ length: 30 }, (_, day) => ({
      ...{ date: new Date(Date.UTC(2026, 8, 1 + day)).toISOString().slice(0, 10), up: DAY - HOUR, degraded: HOUR },
      ...{ down: HOUR, unwatched: 0, incidents: 1, planned: null },
    })),
  };
}

const month: MonthReport = {
  ...{ month: '2026-09', from: '2026-09-01T00:00:00Z', to: '2026-10-01T00:00:00Z', isOver: true },
  serviceHours: 'Mon-Fri 08:00-18:00 Europe/Berlin',
  targets: [0, 1, 2].map(monthTarget),
  outages: [0, 1, 2].map((nth) => ({
    ...{ target: monthTarget(nth).id, incident: `${nth}@x`, from: '2026-09-05T00:00:00Z', to: null, down: LONG },
    ...{ failure: 'greeting storage-insufficient', planned: 'w'.repeat(63) },
  })),
};

/** Tables that are wider than what is around them. */
const WIDE_TABLES = `[...document.querySelectorAll('table')].filter((one) => {
  const { paddingRight } = getComputedStyle(one.parentElement);
  return one.getBoundingClientRect().right > one.parentElement.getBoundingClientRect().right - parseFloat(paddingRight) + 1;
}).map((one) => one.getBoundingClientRect().width + ' px: ' + one.innerText.slice(0, 40))`;

describeBrowser('the report of a month with all its columns', () => {
  let browser: Browser;
  let site: PageServer;

  beforeAll(async () => {
    const files = reportFiles(snapshotWith(), { names: [month.month], read: [month] });
    [browser, site] = await Promise.all([
      startBrowser(),
      serveFiles(new Map([...siteFiles(snapshotWith()), ...files])),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test.each([320, 640, 810, 1024, 1160, 1280, 1440])('fits %s px', async (width) => {
    await withPage(browser, { viewport: { width, height: 900 } }, async (page) => {
      await page.goto(`${site.url}/reports/${month.month}.html`);
      expect(await page.locator('thead').first().locator('th').count()).toBe(13);
      expect([...(await overflow(page)), ...(await page.evaluate<string[]>(WIDE_TABLES))]).toEqual([]);
    });
  });

  test('fits A4 paper', async () => {
    await withPage(browser, { viewport: { width: 1_032, height: 700 } }, async (page) => {
      await page.emulateMedia({ media: 'print' });
      await page.goto(`${site.url}/reports/${month.month}.html`);
      expect([...(await overflow(page)), ...(await page.evaluate<string[]>(WIDE_TABLES))]).toEqual([]);
    });
  });
});
