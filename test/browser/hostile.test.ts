/** What hostile mail servers say stays text: on pages, also saved ones, in feeds, badges and metrics. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hostileSnapshot } from '../web/snapshot.ts';
import { startBrowser } from './chromium.ts';
import { describeBrowser } from './describe-browser.ts';
import { type FaultyMailServer, startFaultyMailServer } from './faulty-mail-server.ts';
import { HOSTILE_GREETINGS } from './hostile-servers.ts';
import { type MonitorProcess, startMonitorProcess } from './monitor-process.ts';
import { overflow } from './overflow.ts';
import { publishedPages } from './published-pages.ts';
import { saveSite } from './saved-site.ts';
import { serveSnapshot } from './served-site.ts';
import { withPage } from './watched-page.ts';

/** Control and format characters. A line ends with a newline. */
const UNFIT = /[^\P{Cc}\n]|\p{Cf}/u;

const DOCUMENTS = ['incidents.atom', 'badge.svg', ...HOSTILE_GREETINGS.map(({ id }) => `badges/${id}.svg`)];
const JSON_DOCUMENTS = [
  ...['snapshot.json', 'incidents.json', 'badge.json'],
  ...['summary', 'status', 'components', 'incidents', 'incidents/unresolved'].map((name) => `api/v2/${name}.json`),
];

describeBrowser('hostile mail servers', () => {
  let browser: Browser;
  let monitor: MonitorProcess;
  let servers: readonly FaultyMailServer[];
  let paths: readonly string[];

  beforeAll(async () => {
    servers = await Promise.all(HOSTILE_GREETINGS.map(() => startFaultyMailServer()));
    for (const [nth, { greeting }] of HOSTILE_GREETINGS.entries()) {
      servers[nth]?.setReplies({ greeting: (client) => client.say(Buffer.concat([Buffer.from(greeting), CRLF])) });
    }
    [browser, monitor] = await Promise.all([startBrowser(), startMonitorProcess(configOf(servers))]);
    await vi.waitFor(async () => expect(await openIncidents(monitor.url)).toBe(HOSTILE_GREETINGS.length), 120_000);
    paths = await publishedPages(browser, monitor.url);
  });
  afterAll(async () => {
    await browser?.close();
    await monitor?.close();
    await Promise.all((servers ?? []).map((server) => server.close()));
  });

  test('are text on each page, which is no wider than its window', async () => {
    await withPage(browser, { viewport: { width: 360, height: 800 } }, async (page) => {
      const texts = new Map<string, string | null>();
      for (const path of paths) {
        await page.goto(monitor.url + path);
        await openAll(page);
        expect(await page.evaluate(MARKUP_OF_OTHERS), path).toEqual([]);
        expect(await overflow(page), path).toEqual([]);
        expect(await (await fetch(monitor.url + path)).text(), path).not.toMatch(UNFIT);
        texts.set(path, await page.locator('main').textContent());
      }
      for (const { id, shown } of HOSTILE_GREETINGS) {
        const own = paths.filter((path) => path.startsWith(`/targets/${id}.`) || path.startsWith(`/incidents/${id}-`));
        expect(own).toHaveLength(2);
        for (const path of own) expect(texts.get(path), path).toContain(shown);
      }
    });
  });

  test('are text in a page that was saved, which has no policy', async () => {
    await using saved = await saveSite(monitor.url, paths);
    await withPage(browser, {}, async (page) => {
      for (const file of saved.files) {
        await page.goto(file);
        await openAll(page);
        expect(await page.evaluate(MARKUP_OF_OTHERS), file).toEqual([]);
      }
    });
  });

  test('leave feeds and badges well-formed XML, the rest JSON, and the metrics lines', async () => {
    await withPage(browser, {}, async (page) => {
      await page.goto(monitor.url);
      for (const path of DOCUMENTS) {
        const text = await (await fetch(`${monitor.url}/${path}`)).text();
        expect(text, path).not.toMatch(UNFIT);
        expect(await xmlFault(page, text), path).toBeNull();
      }
      for (const path of JSON_DOCUMENTS) {
        expect(await (await fetch(`${monitor.url}/${path}`)).json(), path).toBeInstanceOf(Object);
      }
      const metrics = await (await fetch(`${monitor.url}/metrics`)).text();
      expect(metrics.split('\n').filter((line) => !METRIC_LINE.test(line))).toEqual([]);
    });
  });

  test('and names that are as hostile, out of an older table', async () => {
    const site = await serveSnapshot({ ...hostileSnapshot(), newestRound: new Date().toISOString() });
    try {
      await withPage(browser, {}, async (page) => {
        for (const path of await publishedPages(browser, site.url)) {
          await page.goto(site.url + path);
          await openAll(page);
          expect(await page.evaluate(MARKUP_OF_OTHERS), path).toEqual([]);
          // Without a whole month there is no report.
          if (path === '/reports.html') continue;
          expect(await page.locator('main').textContent(), path).toContain('<script>alert(1)</script>');
        }
        for (const path of ['incidents.atom', 'badge.svg']) {
          expect(await xmlFault(page, await (await fetch(`${site.url}/${path}`)).text()), path).toBeNull();
        }
      });
    } finally {
      await site.close();
    }
  });
});

const CRLF = Buffer.from('\r\n');

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
const METRIC_LINE =
  /^$|^# (?:HELP|TYPE) [a-z_]+ [^\n]+$|^[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? -?[\d.e+]+$/;

/** Elements that the pages themselves never have: images, frames, scripts in the page, handlers, styles. */
const MARKUP_OF_OTHERS = `[...document.querySelectorAll('*')].filter((one) =>
  ['IMG', 'IFRAME', 'B', 'I', 'STYLE', 'OBJECT', 'EMBED'].includes(one.tagName) ||
  (one.tagName === 'SCRIPT' && !one.src && one.type !== 'application/json') ||
  [...one.attributes].some(({ name }) => name.startsWith('on') || name === 'style'),
).map((one) => one.outerHTML.slice(0, 120))`;

async function openAll(page: Page): Promise<void> {
  await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
}

async function xmlFault(page: Page, text: string): Promise<string | null> {
  return await page.evaluate<string | null>(
    `new DOMParser().parseFromString(${JSON.stringify(text)}, 'application/xml').querySelector('parsererror')?.textContent ?? null`,
  );
}

async function openIncidents(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/v2/incidents/unresolved.json`);
  if (!answer.ok) return 0;
  return ((await answer.json()) as { readonly incidents: readonly object[] }).incidents.length;
}

function configOf(servers: readonly FaultyMailServer[]): string {
  const targets = HOSTILE_GREETINGS.map(
    ({ id }, nth) => `  - { id: ${id}, host: 127.0.0.1, port: ${servers[nth]?.port}, security: none }\n`,
  );
  return `vantages: [local]\nevery: 5s\ntargets:\n${targets.join('')}`;
}
