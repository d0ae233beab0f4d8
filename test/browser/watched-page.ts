/** A page of which nothing may go wrong unseen: errors, violations of its policy, requests to others, dialogs. */
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { expect } from 'vitest';

interface WatchOptions extends BrowserContextOptions {
  /** Faults that the test brings about, such as a monitor that was stopped. */
  readonly expected?: RegExp;
}

/** Milliseconds. A limit of what never ends. */
const PATIENCE = 120_000;

const underWay = new WeakMap<Page, Set<Request>>();

/** Whether the page waits for no answer. What it does with the last one may not be shown yet. */
export function isQuiet(page: Page): boolean {
  return (underWay.get(page)?.size ?? 0) === 0;
}

/** What went wrong on the page fails the test, also if the work ends well. */
export async function withPage<Result>(
  browser: Browser,
  { expected, ...contextOptions }: WatchOptions,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...contextOptions });
  context.setDefaultTimeout(PATIENCE);
  const faults: string[] = [];
  const report = (what: string) => {
    if (!expected?.test(what)) faults.push(what);
  };
  await context.exposeBinding('reportViolation', (_, what: string) => report(`policy: ${what}`));
  await context.addInitScript(reportViolations);
  const page = await context.newPage();
  followRequests(page);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') report(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => report(`script: ${error.message}`));
  page.on('dialog', (dialog) => {
    report(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!isOwn(request.url(), page.url())) report(`request: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    // A page that is left ends its requests.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') report(`failed: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) report(`status ${response.status()}: ${response.url()}`);
  });
  try {
    const result = await work(page);
    expect(faults).toEqual([]);
    return result;
  } catch (error) {
    throw faults.length === 0 ? error : new Error(`${faults.join('\n')}\n${error}`);
  } finally {
    await context.close();
  }
}

function followRequests(page: Page): void {
  const open = new Set<Request>();
  underWay.set(page, open);
  page.on('request', (request) => {
    // A page that is left waits for nothing.
    if (request.isNavigationRequest()) open.clear();
    open.add(request);
  });
  page.on('requestfinished', (request) => void open.delete(request));
  page.on('requestfailed', (request) => void open.delete(request));
}

/** Runs in the browser, before any script of the page. */
function reportViolations(): void {
  const scope = globalThis as unknown as {
    addEventListener(name: string, listen: (event: { violatedDirective: string; blockedURI: string }) => void): void;
    reportViolation(what: string): void;
  };
  scope.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    scope.reportViolation(`${violatedDirective} ${blockedURI}`),
  );
}

/** The first request of a page comes before it has an address. */
function isOwn(url: string, at: string): boolean {
  const { protocol, hostname, origin } = new URL(url);
  if (protocol === 'file:') return true;
  return at === 'about:blank' ? hostname === '127.0.0.1' : origin === new URL(at).origin;
}
