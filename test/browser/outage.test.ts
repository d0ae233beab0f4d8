/** The story of an outage, as a reader of the page sees it who never reloads: the real monitor, real sessions, a real browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from './chromium.ts';
import { describeBrowser } from './describe-browser.ts';
import { REFUSAL } from './example-snapshots.ts';
import { type FaultyMailServer, startFaultyMailServer } from './faulty-mail-server.ts';
import { type MonitorProcess, startMonitorProcess } from './monitor-process.ts';
import { publishedPages } from './published-pages.ts';
import { withPage } from './watched-page.ts';

/** Seconds, the shortest that a config can have. */
const EVERY = 5;
/** Milliseconds. The page reads each round. A busy machine takes its time; a page that reads seldom takes longer. */
const SOON = 60_000;

describeBrowser('an outage', () => {
  let browser: Browser;
  let monitor: MonitorProcess;
  let servers: readonly FaultyMailServer[];

  beforeAll(async () => {
    servers = await Promise.all([startFaultyMailServer(), startFaultyMailServer(), startFaultyMailServer()]);
    [browser, monitor] = await Promise.all([startBrowser(), startMonitorProcess(configOf(servers))]);
  });
  afterAll(async () => {
    await browser?.close();
    await monitor?.close();
    await Promise.all((servers ?? []).map((server) => server.close()));
  });

  /** Milliseconds until the page says it. A page that was loaded again has lost its mark. */
  async function waitForHeadline(page: Page, words: RegExp): Promise<number> {
    const began = performance.now();
    await expect.poll(() => page.locator('h1').textContent(), { timeout: SOON, interval: 100 }).toMatch(words);
    expect(await page.evaluate('globalThis.isMarked')).toBe(true);
    return performance.now() - began;
  }

  /** Waits until the monitor has published it: from then on the page has its time. */
  async function waitForPublication(verdicts: readonly string[]): Promise<void> {
    await expect.poll(() => publishedVerdicts(monitor.url), { interval: 100 }).toEqual(verdicts);
  }

  test('is shown without a reload, two servers in the same minute; so is the recovery', async () => {
    await waitForPublication(['up', 'up', 'up']);
    await withPage(browser, {}, async (page) => {
      await page.goto(monitor.url);
      await page.evaluate('globalThis.isMarked = true');
      expect(await page.locator('h1').textContent()).toMatch(/All 3 mail servers are up/);

      for (const server of servers.slice(0, 2)) server.setReplies({ greeting: REFUSAL });
      await waitForPublication(['down', 'down', 'up']);
      const shownDown = await waitForHeadline(page, /2 of 3 mail servers are down/);
      await expect.poll(() => page.locator('main').textContent()).toMatch(/Open incidents/);

      await sessionOpens(browser, monitor.url);
      await everyLinkLeadsSomewhere(browser, monitor.url);

      for (const server of servers) server.setReplies({});
      await waitForPublication(['up', 'up', 'up']);
      const shownUp = await waitForHeadline(page, /All 3 mail servers are up/);
      expect(await page.locator('main').textContent()).not.toMatch(/Open incidents/);
      console.log(`  shown ${Math.round(shownDown)} ms after the verdict, the recovery ${Math.round(shownUp)} ms`);
    });
  });

  test('a monitor that stops turns the page grey, and says so', async () => {
    // A request that is under way when the monitor stops is reset, or has no answer.
    await withPage(browser, { expected: /net::ERR_(?:CONNECTION|EMPTY|SOCKET)_|^failed: http/ }, async (page) => {
      await page.clock.install();
      await page.goto(monitor.url);
      await page.clock.runFor(5_000);
      const notice = page.getByText(/may no longer be true/);
      expect(await notice.isVisible()).toBe(false);
      await monitor.stop();
      const isShownOrLater = async () => {
        if (await notice.isVisible()) return true;
        await page.clock.runFor(5_000);
        return false;
      };
      await expect.poll(isShownOrLater, { interval: 100 }).toBe(true);
      const [age, after] = await page.evaluate<readonly [number, number]>(AGE);
      expect(age).toBeGreaterThan(after - 1_000);
      await expect
        .poll(() => page.evaluate("getComputedStyle(document.querySelector('main')).filter"))
        .toMatch(/grayscale\(1\)/);
    });
  });
});

/** Milliseconds since the newest round that the page shows, and after which it is old. */
const AGE = `(({ heard, stale }) => [Date.now() - Date.parse(heard), Number(stale) * 1000])(document.body.dataset)`;

/** From the overview by links to the failed session. */
async function sessionOpens(browser: Browser, url: string): Promise<void> {
  await withPage(browser, {}, async (page) => {
    await page.goto(url);
    await page.locator('main').getByRole('link', { name: 'mx1', exact: true }).last().click();
    await page.locator('.heat-cells button.fail').last().click();
    const panel = page.locator('.session-panel');
    await panel.locator('.session').waitFor();
    expect(await panel.locator('.transcript').textContent()).toContain(REFUSAL);
  });
}

async function everyLinkLeadsSomewhere(browser: Browser, url: string): Promise<void> {
  const paths = await publishedPages(browser, url);
  expect(paths.filter((path) => path.startsWith('/targets/'))).toHaveLength(3);
  expect(paths.filter((path) => path.startsWith('/incidents/'))).toHaveLength(2);
}

interface Component {
  readonly status: string;
  /** Of targets with the same tag. */
  readonly group: boolean;
}

async function publishedVerdicts(url: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/api/v2/components.json`).catch(() => null);
  if (!answer?.ok) return [];
  const { components } = (await answer.json()) as { readonly components: readonly Component[] };
  return components
    .filter(({ group }) => !group)
    .map(({ status }) => ({ operational: 'up', major_outage: 'down' })[status] ?? status);
}

function configOf(servers: readonly FaultyMailServer[]): string {
  const targets = servers.map(
    ({ port }, nth) => `  - { id: mx${nth + 1}, host: 127.0.0.1, port: ${port}, security: none, tags: [inbound] }\n`,
  );
  return `vantages: [local]\nevery: ${EVERY}s\ntargets:\n${targets.join('')}`;
}
