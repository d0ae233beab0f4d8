/** The charts, the heat map and the sessions of a target, by mouse and by keyboard. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageServer } from '../../local/web/page-server.ts';
import { startBrowser } from './chromium.ts';
import { describeBrowser } from './describe-browser.ts';
import { monthsOfTargets, REFUSAL } from './example-snapshots.ts';
import { saveSite } from './saved-site.ts';
import { filesWithHistory, serveFiles } from './served-site.ts';
import { isQuiet, withPage } from './watched-page.ts';

const PATH = '/targets/mx1.customer-1.html';

describeBrowser('the history of a target', () => {
  let browser: Browser;
  let site: PageServer;

  beforeAll(async () => {
    site = await serveFiles(await filesWithHistory(monthsOfTargets(4, Date.now()), 3));
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test('opens a session by keyboard: arrows go from cell to cell, Enter opens, Escape leads back to the cell', async () => {
    await withPage(browser, {}, async (page) => {
      await page.goto(site.url + PATH);
      await page.locator('.heat-cells button[tabindex="0"]').focus();
      const last = await focusedCell(page);
      await page.keyboard.press('ArrowDown');
      const below = await focusedCell(page);
      await page.keyboard.press('ArrowLeft');
      const before = await focusedCell(page);
      expect([below.row - last.row, below.column - last.column]).toEqual([1, 0]);
      expect([before.row - below.row, before.column - below.column]).toEqual([0, -1]);
      await page.keyboard.press('Enter');
      const panel = page.locator('.session-panel');
      await panel.locator('.session').waitFor();
      expect(await panel.textContent()).toContain(REFUSAL);
      expect(await panel.textContent()).toContain('C: QUIT');
      expect(await panel.textContent()).toContain('TLSv1.3 seen before: this session ended too early');
      expect(await page.evaluate("document.activeElement.closest('.session-panel') !== null")).toBe(true);
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'detached' });
      expect(await focusedCell(page)).toEqual(before);
    });
  });

  test('has a link to a session, and to two beside each other with their differences', async () => {
    await withPage(browser, {}, async (page) => {
      await page.goto(site.url + PATH);
      await page.locator('.heat-cells button.fail').first().click();
      const failed = await settledPanel(page, 1);
      await page.goto(page.url());
      expect(await settledPanel(page, 1)).toBe(failed);
      const others = page.locator('.session-panel select').first();
      expect(await others.locator('option').count()).toBeGreaterThan(2);
      await others.selectOption({ index: 1 });
      await settledPanel(page, 2);
      const both = await page.locator('.session-panel .sessions').textContent();
      expect(await page.locator('.session-panel .differs').count()).toBeGreaterThan(0);
      await page.reload();
      await settledPanel(page, 2);
      // What else it can be compared with depends on the days that are read: around midnight, the link has one more.
      expect(await page.locator('.session-panel .sessions').textContent()).toBe(both);
    });
  });

  test('leads back from before the first session', async () => {
    const short = await serveFiles(await filesWithHistory(monthsOfTargets(4, Date.now()), 1));
    try {
      await withPage(browser, {}, async (page) => {
        await page.goto(short.url + PATH);
        const earlier = page.getByRole('button', { name: 'Earlier' });
        await earlier.waitFor();
        // While a day is read there is no such button.
        const wordsOfEarlier = async () => {
          if ((await earlier.count()) === 1) await earlier.click();
          return await page.locator('#history').textContent();
        };
        await expect.poll(wordsOfEarlier, { interval: 100 }).toContain('There are no earlier sessions on this page.');
        await page.getByRole('button', { name: 'Later' }).click();
        await page.locator('.heat-cells button').first().waitFor();
      });
    } finally {
      await short.close();
    }
  });

  test('leads back over days in which nobody looked', async () => {
    const now = Date.now();
    const dayBefore = (days: number) => new Date(now - days * 86_400_000).toISOString().slice(0, 10);
    const off = [1, 2, 3].map((days) => `round/${dayBefore(days)}.json`);
    const isThere = (path: string) => !off.some((one) => path.endsWith(one));
    const broken = await serveFiles(await filesWithHistory(monthsOfTargets(4, now), 5, 180, isThere));
    try {
      await withPage(browser, {}, async (page) => {
        await page.goto(broken.url + PATH);
        const earlier = page.getByRole('button', { name: 'Earlier' });
        const times = page.locator('.heat-foot .note');
        await earlier.waitFor();
        const dayOfEarlier = async () => {
          if ((await times.count()) === 0) return '';
          const day = ((await times.getAttribute('title')) ?? '').slice(0, 10);
          if (day > dayBefore(4) && isQuiet(page) && (await earlier.isEnabled())) await earlier.click();
          return day;
        };
        await expect.poll(dayOfEarlier, { interval: 200 }).toBe(dayBefore(4));
      });
    } finally {
      await broken.close();
    }
  });

  test('draws each time that one can choose, by arrow keys', async () => {
    await withPage(browser, {}, async (page) => {
      await page.goto(site.url + PATH);
      const times = page.getByRole('radiogroup', { name: 'Time' });
      const count = await times.getByRole('radio').count();
      expect(count).toBeGreaterThanOrEqual(5);
      await times.getByRole('radio').first().focus();
      const drawn = new Set(['']);
      for (let nth = 0; nth < count; nth++) {
        await expect.poll(() => times.getByRole('radio').nth(nth).getAttribute('aria-checked')).toBe('true');
        // What was chosen before stays until this time was read.
        await expect.poll(() => pictureOf(page)).not.toSatisfy((one) => drawn.has(one));
        expect(await inkOf(page)).toBeGreaterThan(100);
        drawn.add(await pictureOf(page));
        await page.keyboard.press('ArrowRight');
      }
      expect(drawn.size).toBe(count + 1);
    });
  });

  test('reads the hours before the last minutes of a large fleet, and says what it has', async () => {
    const snapshot = monthsOfTargets(4, Date.now());
    const since = new Date(Date.now() - 150 * 60_000).toISOString();
    const targets = snapshot.targets.map((target, nth) => (nth === 0 ? { ...target, since } : target));
    const large = await serveFiles(await filesWithHistory({ ...snapshot, targets }, 3, 20));
    try {
      await withPage(browser, {}, async (page) => {
        await page.goto(large.url + PATH);
        const cells = page.locator('.heat-row').first().getByRole('gridcell');
        await expect.poll(() => cells.count()).toBeGreaterThan(60);
        expect(await page.locator('#history').textContent()).toMatch(/Sessions before .* are added each hour\./);
        await page.locator('.heat-cells button.fail').first().click();
        const text = await page.locator('.session-panel .session').textContent();
        expect(text).toMatch(/This page has transcripts of sessions since .* alone\./);
      });
    } finally {
      await large.close();
    }
  });

  test('is in a saved page: the last hours, with their sessions', async () => {
    await using saved = await saveSite(site.url, [PATH]);
    await withPage(browser, {}, async (page) => {
      await page.goto(saved.files[0] ?? '');
      await page.locator('.heat-cells button.fail').last().click();
      await page.locator('.session-panel .session').waitFor();
      expect(await page.locator('.session-panel').textContent()).toContain(REFUSAL);
      await expect.poll(() => inkOf(page)).toBeGreaterThan(100);
    });
  });

  test('goes by the clock of the server where that of the reader is a day ahead', async () => {
    await withPage(browser, {}, async (page) => {
      await page.clock.install({ time: Date.now() + 86_400_000 });
      site.publish(await filesWithHistory(monthsOfTargets(4, Date.now()), 3));
      // Until an answer says otherwise it goes by the clock of the reader.
      let answerAll = () => {};
      const seen = new Promise<void>((resolve) => {
        answerAll = resolve;
      });
      await page.route('**/now.json', (route) => seen.then(() => route.continue()));
      await page.goto(site.url + PATH);
      expect(await page.locator('#stale').isVisible()).toBe(true);
      answerAll();
      await expect.poll(() => page.locator('#stale').isVisible()).toBe(false);
      expect(await page.title()).not.toContain('Old');
      await expect.poll(() => inkOf(page)).toBeGreaterThan(100);
      await page.goto(`${site.url}/index.html`);
      await expect.poll(() => page.locator('h1 time.age').textContent()).toMatch(/ (?:s|min) ago$|just now/);
    });
  });

  test('stays as the reader has it when the page is updated', async () => {
    await withPage(browser, {}, async (page) => {
      await page.clock.install();
      await page.goto(site.url + PATH);
      await page.locator('.heat-cells button.fail').last().click();
      await page.locator('.session-panel .session').waitFor();
      const before = await page.locator('.session-panel h3').textContent();
      const written = await page.locator('body').getAttribute('data-written');
      site.publish(await filesWithHistory(monthsOfTargets(4, Date.now() + 60_000), 3));
      await expect.poll(() => writtenASecondLater(page), { interval: 250 }).not.toBe(written);
      expect(await page.locator('.session-panel h3').textContent()).toBe(before);
      expect(await page.locator('.session-panel').textContent()).toContain(REFUSAL);
    });
  });
});

/** Not while the page waits for an answer: a clock that goes ahead would end that, and the page reads again a round later. */
async function writtenASecondLater(page: Page): Promise<string | null> {
  if (isQuiet(page)) await page.clock.runFor(1_000);
  return await page.locator('body').getAttribute('data-written');
}

/** The text of the panel with so many sessions, once the day of a session was read, which begins when it is opened. */
async function settledPanel(page: Page, sessions: number): Promise<string> {
  const panel = page.locator('.session-panel');
  await panel
    .locator('.session')
    .nth(sessions - 1)
    .waitFor();
  let text = '';
  const isSame = async () => {
    const [before, wasQuiet] = [text, isQuiet(page)];
    text = (await panel.textContent()) ?? '';
    return wasQuiet && isQuiet(page) && text === before;
  };
  await expect.poll(isSame, { interval: 500 }).toBe(true);
  return text;
}

async function focusedCell(page: Page): Promise<{ readonly row: number; readonly column: number }> {
  return await page.evaluate(
    '({ row: Number(document.activeElement.dataset.row), column: Number(document.activeElement.dataset.column) })',
  );
}

/** Empty while nothing is drawn, or the chosen time is being read. */
async function pictureOf(page: Page): Promise<string> {
  return await page.evaluate<string>(`(() => {
    const canvas = document.querySelector('.plot canvas');
    const isRead = document.querySelector('#history .controls [role="status"]')?.textContent === '';
    return canvas === null || !isRead ? '' : canvas.toDataURL();
  })()`);
}

/** Pixels of the chart that are drawn. */
async function inkOf(page: Page): Promise<number> {
  return await page.evaluate<number>(`(() => {
    const canvas = document.querySelector('.plot canvas');
    if (canvas === null) return 0;
    // Of a copy: Chromium warns of a canvas of the page that is read often.
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let drawn = 0;
    for (let nth = 3; nth < data.length; nth += 4) if (data[nth] > 0) drawn++;
    return drawn;
  })()`);
}
