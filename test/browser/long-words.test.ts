/** Names, reasons and texts without a space widen no page: a config may have ids of 63 characters, and people write what they like. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlannedSnapshot, Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import type { PageServer } from '../../local/web/page-server.ts';
import { startBrowser } from './chromium.ts';
import { describeBrowser } from './describe-browser.ts';
import { monthsOfTargets } from './example-snapshots.ts';
import { overflow } from './overflow.ts';
import { pageKinds } from './published-pages.ts';
import { serveSnapshot } from './served-site.ts';
import { withPage } from './watched-page.ts';

const ID = 'W'.repeat(63);
const DOMAIN = `${ID}.example`;
const WORD = 'n'.repeat(300);

/** The second target, which is degraded, has the long name. */
function longWords({ targets, incidents, vantages, ...rest }: Snapshot): Snapshot {
  const { at } = rest;
  const planned = (state: PlannedSnapshot['state']): PlannedSnapshot => ({
    ...{ id: `${ID}@${at}`, kind: 'window', state, name: ID, why: WORD, from: at, until: at },
    ...{ subjects: [ID], domains: [DOMAIN] },
  });
  return {
    ...rest,
    title: 'W'.repeat(80),
    vantages: vantages.map((one) => ({ ...one, blind: true, blindSince: at, blindWhy: WORD })),
    targets: targets.map((target, nth) => ({
      ...target,
      ...(nth === 1 ? { id: ID, endpoint: `${ID}.${DOMAIN}:65535` } : {}),
      tags: ['m'.repeat(24), 'm'.repeat(24)],
      held: { why: 'mute', what: WORD, since: at, until: null },
    })),
    incidents: incidents.map((incident) => ({
      ...incident,
      acknowledged: { at, by: WORD },
      timeline: [...incident.timeline, { at, what: WORD }],
      statements: [{ number: 1, at, by: WORD, state: 'identified', text: WORD.repeat(30) }],
    })),
    planned: [planned('in_progress'), planned('scheduled')],
    findings: [{ domain: DOMAIN, kind: 'posture', code: WORD, subject: WORD, since: at, acknowledged: WORD }],
    troubles: [{ kind: 'bounces', subject: DOMAIN, what: [WORD], since: at }],
  };
}

describeBrowser('words without a space', () => {
  let browser: Browser;
  let site: PageServer;

  beforeAll(async () => {
    [browser, site] = await Promise.all([startBrowser(), serveSnapshot(longWords(monthsOfTargets(4, Date.now())))]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test.each([320, 768, 1280])('widen no page at %s px', async (width) => {
    const kinds = await pageKinds(browser, site.url);
    await withPage(browser, { viewport: { width, height: 900 } }, async (page) => {
      const found: string[] = [];
      for (const [kind, path] of [...kinds, ['long name', `/targets/${ID}.html`]] as const) {
        await page.goto(site.url + path);
        found.push(...(await overflow(page)).map((fault) => `${kind}: ${fault}`));
      }
      expect(found).toEqual([]);
    });
  });
});
