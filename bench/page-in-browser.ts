/**
 * What a reader of the status page waits for, in Chromium: bytes of each kind, raw and compressed, and the time to interactive with
 * a processor four times as slow as this one and slow 4G.
 */
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { NO_BROWSER, startBrowser } from '../test/browser/chromium.ts';
import { monthsOfTargets } from '../test/browser/example-snapshots.ts';
import { filesWithHistory, serveFiles } from '../test/browser/served-site.ts';

const TARGETS = 100;
const TARGET = 'targets/mx1.customer-1.html';
const RUNS = 5;
const CPU_SLOWDOWN = 4;
/** As Lighthouse has slow 4G: octets per second, and milliseconds. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

interface Case {
  readonly what: string;
  readonly path: string;
  /** Seconds. */
  readonly goal: number;
  /** What a reader waits for besides; null for the page alone. */
  readonly wanted: ((page: Page) => Promise<void>) | null;
}

const CASES: readonly Case[] = [
  { what: `overview of ${TARGETS} targets`, path: 'index.html', goal: 1.5, wanted: null },
  { what: 'target: its page, with charts and sessions of 3 hours', path: TARGET, goal: 2.5, wanted: null },
  { what: 'target: from the link to the chart of 90 days', path: TARGET, goal: 2.5, wanted: chooseDays },
];

/** As soon as it is there. The chart says which time it has. */
async function chooseDays(page: Page): Promise<void> {
  await page.getByRole('radio', { name: '90 days' }).click();
  await page
    .getByRole('group', { name: /median of each day/ })
    .locator('canvas')
    .waitFor();
}

export async function run(): Promise<void> {
  if (NO_BROWSER !== null) {
    console.log(`  skipped: ${NO_BROWSER}`);
    return;
  }
  const server = await serveFiles(await filesWithHistory(monthsOfTargets(TARGETS, Date.now()), 90));
  const browser = await startBrowser();
  try {
    for (const one of CASES) await measure(browser, server.url, one);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function measure(browser: Browser, url: string, { what, path, goal, wanted }: Case): Promise<void> {
  const loads: Load[] = [];
  for (let nth = 0; nth < RUNS; nth++) loads.push(await load(browser, `${url}/${path}`, wanted));
  const [first] = loads;
  if (first === undefined) return;
  console.log(`  ${what}`);
  for (const [type, { raw, gzipped, sent }] of first.bytes) {
    console.log(
      `    ${type.padEnd(10)} ${kilobytes(raw)} raw, ${kilobytes(gzipped)} gzipped, ${kilobytes(sent)} sent with headers`,
    );
  }
  const seconds = (of: (load: Load) => number) => `${(median(loads.map(of)) / 1000).toFixed(2)} s`;
  const times = loads.map((one) => one.interactive / 1000);
  const interactive = median(times);
  console.log(
    `    interactive after ${interactive.toFixed(2)} s (goal ${goal} s${interactive <= goal ? '' : ': missed'}), first paint ${seconds((one) => one.painted)}, CPU × ${CPU_SLOWDOWN}, slow 4G, median of ${RUNS}, fastest ${Math.min(...times).toFixed(2)} s`,
  );
}

interface Bytes {
  raw: number;
  gzipped: number;
  sent: number;
}

interface Load {
  readonly bytes: ReadonlyMap<string, Bytes>;
  /** Milliseconds since the navigation began. */
  readonly painted: number;
  readonly interactive: number;
}

/** In a context of its own, so that nothing is in the cache. */
async function load(browser: Browser, url: string, wanted: Case['wanted']): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(OBSERVE);
  const network = await throttle(page);
  await page.goto(url, { waitUntil: wanted === null ? 'load' : 'commit' });
  await wanted?.(page);
  const there = await page.evaluate<number>('performance.now()');
  await page.waitForLoadState('networkidle');
  // Quiet for so long, it is interactive since its last long task.
  await page.waitForTimeout(1_500);
  const { painted, interactive } = await page.evaluate<{ painted: number; interactive: number }>(RESULT);
  const bytes = await network();
  await context.close();
  return { bytes, painted, interactive: wanted === null ? interactive : Math.max(there, interactive) };
}

/** @returns a function that sums what came, by type */
async function throttle(page: Page): Promise<() => Promise<ReadonlyMap<string, Bytes>>> {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.setCacheDisabled', { cacheDisabled: true });
  await client.send('Network.emulateNetworkConditions', SLOW_4G);
  await client.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  const types = new Map<string, string>();
  const sent = new Map<string, number>();
  client.on('Network.responseReceived', ({ requestId, type }) => void types.set(requestId, type));
  client.on(
    'Network.loadingFinished',
    ({ requestId, encodedDataLength }) => void sent.set(requestId, encodedDataLength),
  );
  return async () => {
    const sums = new Map<string, Bytes>();
    for (const [requestId, type] of types) {
      const { body, base64Encoded } = await client.send('Network.getResponseBody', { requestId });
      const octets = Buffer.from(body, base64Encoded ? 'base64' : 'utf8');
      const sum = sums.get(type) ?? { raw: 0, gzipped: 0, sent: 0 };
      sum.raw += octets.length;
      sum.gzipped += gzipSync(octets).length;
      sum.sent += sent.get(requestId) ?? 0;
      sums.set(type, sum);
    }
    return sums;
  };
}

/** Long tasks are those of 50 ms and more. */
const OBSERVE = `globalThis.longTasks = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) longTasks.push(startTime + duration);
}).observe({ type: 'longtask', buffered: true });`;

/** Interactive: painted, its scripts have run, and the last long task is over. */
const RESULT = `(() => {
  const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity;
  const { domContentLoadedEventEnd } = performance.getEntriesByType('navigation')[0];
  return { painted, interactive: Math.max(painted, domContentLoadedEventEnd, ...longTasks) };
})()`;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function kilobytes(octets: number): string {
  return `${(octets / 1000).toFixed(1).padStart(7)} KB`;
}
