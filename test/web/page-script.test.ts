import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { PAGE_SCRIPT } from '../../web/pages/page-script.ts';
import { siteFiles } from '../../web/site.ts';
import { snapshotWith } from './snapshot.ts';

/** Runs the script on the body of a page, some seconds after the page was written. */
function isOld(given: Parameters<typeof snapshotWith>[0], seconds: number): boolean {
  const snapshot = snapshotWith(given);
  const page = siteFiles(snapshot).get('index.html')?.body ?? '';
  const dataset = Object.fromEntries(
    [...page.matchAll(/ data-(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const notice = { hidden: true };
  const body = { dataset, classList: { toggle: () => {} } };
  const document = { body, querySelectorAll: () => [], getElementById: () => notice };
  const now = Date.parse(snapshot.at) + seconds * 1000;
  const clock = { now: () => now, parse: Date.parse };
  runInNewContext(PAGE_SCRIPT, { document, Date: clock, Intl, setInterval: () => {}, location: { protocol: 'file:' } });
  return !notice.hidden;
}

test.each([
  ['a page of the last round', {}, 0, false],
  ['three rounds later', {}, 121, true],
  ['short rounds, before the page was read again', { every: 3, newestRound: '2026-11-26T09:11:57Z' }, 30, false],
  ['short rounds, a minute later', { every: 3, newestRound: '2026-11-26T09:11:57Z' }, 60, true],
  [
    'written now, of a monitor whose last round was recorded hours ago',
    { newestRound: '2026-11-26T06:00:00Z' },
    0,
    true,
  ],
  ['written now, of a monitor without a recorded round', { newestRound: null }, 0, true],
])('%s', (_, given, seconds, expected) => {
  expect(isOld(given, seconds)).toBe(expected);
});
