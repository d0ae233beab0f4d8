import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { localTime } from '../../../web/script/local-times.ts';
import { parseNow } from '../../../web/script/now.ts';
import { isNewer, updateInterval } from '../../../web/script/page-updates.ts';
import { siteFiles } from '../../../web/site.ts';
import { snapshotWith } from '../snapshot.ts';

/** Runs the script on the body of a page, some seconds after the page was written. */
function isOld(given: Parameters<typeof snapshotWith>[0], seconds: number): boolean {
  const snapshot = snapshotWith(given);
  const files = siteFiles(snapshot);
  const page = files.get('index.html')?.body ?? '';
  const dataset = Object.fromEntries(
    [...page.matchAll(/ data-(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const notice = { hidden: true };
  const body = { dataset, classList: { toggle: () => {} } };
  const document = {
    body,
    title: 'All is up',
    querySelectorAll: () => [],
    getElementById: () => notice,
    addEventListener: () => {},
  };
  const now = Date.parse(snapshot.at) + seconds * 1000;
  const clock = { now: () => now, parse: Date.parse };
  runInNewContext(files.get('page.js')?.body ?? '', {
    document,
    Date: clock,
    Intl,
    HTMLScriptElement: class {},
    HTMLInputElement: class {},
    setInterval: () => {},
    location: { protocol: 'file:' },
  });
  expect(document.title).toBe(notice.hidden ? 'All is up' : 'Old: All is up');
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

test.each([
  ['no now.json: as it was before there was one', null, null, true],
  ['a newer round', { newestRound: '2026-11-26T09:12:00Z' }, {}, true],
  ['the round of the page, read for the first time', {}, null, true],
  ['the round of the page, and the same verdicts', {}, {}, false],
  ['another verdict', { verdicts: { mx1: 'down' } }, {}, true],
  ['no round at all', { newestRound: null }, {}, false],
])('the page is read again: %s', (_, now, seen, expected) => {
  const known = { newestRound: '2026-11-26T09:11:00Z', verdicts: { mx1: 'up' } };
  const read = (given: object | null) => (given === null ? null : parseNow({ ...known, ...given }));
  expect(isNewer(read(now), read(seen), '2026-11-26T09:11:00Z')).toBe(expected);
});

test.each([
  ['a list', [], { newestRound: null, verdicts: '{}' }],
  ['nothing', null, null],
  ['a text', 'x', null],
  ['a round that is none', { newestRound: 5 }, null],
])('now.json that is not as expected: %s', (_, document, expected) => {
  expect(parseNow(document)).toEqual(expected);
});

test('a text that is no time stays as it is', () => {
  const format = { format: () => 'today' };
  expect([localTime(format, '2026-11-26T09:11:00Z'), localTime(format, '<b>')]).toEqual(['today', '<b>']);
});

test.each([
  ['3', 3],
  ['5', 5],
  ['60', 15],
  ['0.5', 2],
  [undefined, 15],
  ['', 15],
  ['soon', 15],
])('rounds of %s s are looked for each %i s', (every, seconds) => {
  expect(updateInterval(every)).toBe(seconds);
});
