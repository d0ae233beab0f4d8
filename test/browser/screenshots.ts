/**
 * Makes the pictures of docs/screenshots anew: `npx tsx test/browser/screenshots.ts [FOLDER]`. The overview and a target that is
 * down, at three widths and in both themes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowser } from './chromium.ts';
import { monthsOfTargets } from './example-snapshots.ts';
import { filesWithHistory, serveFiles } from './served-site.ts';

const WIDTHS = [360, 768, 1440] as const;
const THEMES = ['light', 'dark'] as const;
const PAGES = { overview: '/index.html', target: '/targets/mx1.customer-1.html' } as const;
/** CSS pixels: what a reader sees first, and a little more. */
const TALLEST = 1_600;
const MOST_OCTETS = 150_000;

const folder = process.argv[2] ?? path.resolve(import.meta.dirname, '../../docs/screenshots');
await mkdir(folder, { recursive: true });
const site = await serveFiles(await filesWithHistory(monthsOfTargets(12, Date.now()), 30));
const browser = await startBrowser();
try {
  for (const colorScheme of THEMES) {
    const context = await browser.newContext({ colorScheme, timezoneId: 'Etc/UTC', locale: 'en-GB' });
    const page = await context.newPage();
    for (const width of WIDTHS) {
      for (const [name, at] of Object.entries(PAGES)) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(site.url + at, { waitUntil: 'networkidle' });
        const height = Math.min(TALLEST, await page.evaluate<number>('document.documentElement.scrollHeight'));
        await page.setViewportSize({ width, height });
        const picture = await takePicture(page);
        const file = path.join(folder, `${name}-${width}-${colorScheme}.webp`);
        await writeFile(file, picture);
        console.log(`${path.relative('.', file)}: ${Math.round(picture.length / 1000)} KB`);
        if (picture.length > MOST_OCTETS) process.exitCode = 1;
      }
    }
    await context.close();
  }
} finally {
  await browser.close();
  await site.close();
}

/** As WebP, which is a third of the size of PNG. */
async function takePicture(page: Page): Promise<Buffer> {
  const client = await page.context().newCDPSession(page);
  const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality: 85 });
  await client.detach();
  return Buffer.from(data, 'base64');
}
