import { beforeAll, expect, test } from 'vitest';
import { monthFiles, type ReportedPage } from '../../lambda/publish/month-files.ts';
import { emptyMonthCache } from '../../lambda/reports/months/read-months.ts';
import { type RecordedMonth, recordMonth } from '../reports/months/recorded-month.ts';
import { snapshotWith, targetSnapshot } from '../web/snapshot.ts';

const NOON = Date.parse('2026-11-02T12:00:00Z');
const HOUR = 3_600_000;
const show = { rules: [{ pattern: 'mx2', shown: 'none' }], others: 'full' } as const;

let recorded: RecordedMonth;

beforeAll(async () => {
  recorded = await recordMonth();
});

const targets = ['mx1', 'submission'].map((id) => targetSnapshot({ id }));

async function filesAt(now: number, given: Partial<ReportedPage> = {}) {
  const page = { snapshot: snapshotWith({ targets }), show, former: new Map(), isDue: true, ...given };
  return await monthFiles(recorded.source, emptyMonthCache(), page, now);
}

/** The paths whose files are to be written again. */
async function changed(before: ReportedPage['former'], now: number, given: Partial<ReportedPage> = {}) {
  const { files } = await filesAt(now, given);
  return [...files].filter(([path, { news }]) => before.get(path)?.news !== news).map(([path]) => path);
}

async function former() {
  const { files } = await filesAt(NOON);
  return new Map([...files].map(([path, { news }]) => [path, { news, whole: '' }]));
}

const OVER = 'reports/2026-10.html';
const ALL = ['reports.html', 'reports/2026-11.html', OVER];

test.each<[string, number, Partial<ReportedPage>, readonly string[]]>([
  ['an hour later', NOON + HOUR, {}, []],
  ['six hours later', NOON + 6 * HOUR, {}, ['reports.html', 'reports/2026-11.html']],
  [
    'in the next month',
    Date.parse('2026-12-01T00:00:00Z'),
    {},
    ['reports.html', 'reports/2026-12.html', 'reports/2026-11.html'],
  ],
  ['under another title', NOON, { snapshot: snapshotWith({ targets, title: 'Mail' }) }, ALL],
  ['while nothing is due', Date.parse('2027-01-01T00:00:00Z'), { isDue: false }, []],
])('a month that is over is written once: %s', async (_, now, given, paths) => {
  const before = await former();
  expect(await changed(before, now, { former: before, ...given })).toEqual(paths);
});

test('while nothing is due, what is there stays', async () => {
  const before = await former();
  const others = new Map([...before, ['index.html', { news: 'x', whole: '' }]]);
  const { files, read } = await filesAt(NOON, { former: others, isDue: false });
  expect([...files.keys()]).toEqual(ALL);
  expect(await read(OVER)).toBeNull();
});

test('the files are read when they are asked for, without what is hidden', async () => {
  const { read } = await filesAt(NOON);
  const page = (await read(OVER))?.body ?? '';
  expect(page).toContain('<h1>October 2026</h1>');
  expect(page).toMatch(/<th scope="row">mx1<br>/);
  expect(page).not.toContain('mx2');
  const list = (await read('reports.html'))?.body ?? '';
  expect(list).toContain('November 2026 so far');
  expect(list).toContain('href="reports/2026-10.html"');
  expect(await read('reports/2026-09.html')).toBeNull();
  expect(await read('index.html')).toBeNull();
});
