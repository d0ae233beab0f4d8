import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { localTime } from '../../../web/script/local-times.ts';
import { parseNow } from '../../../web/script/now.ts';
import { isNewer, updateInterval } from '../../../web/script/page-updates.ts';
import { siteFiles } from '../../../web/site.ts';
import { snapshotWith } from '../snapshot.ts';

/** Runs the script on the body of a page, some seconds after the page was written. */
function isOld(given: Parameters<typeof snapshotWith>[0], seconds: number): boolean {
  return openPage(given, seconds).isOld();
}

type Answer = (url: string) => Promise<Pick<Response, 'ok' | 'headers' | 'json' | 'text'>>;

/** @param answer of the server; without one the page is a file */
function openPage(
  given: Parameters<typeof snapshotWith>[0],
  seconds: number,
  answer: Answer | null = null,
  path = 'index.html',
) {
  const snapshot = snapshotWith(given);
  const files = siteFiles(snapshot);
  const page = files.get(path)?.body ?? '';
  const dataset = Object.fromEntries(
    [...page.matchAll(/ data-(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const notice = { hidden: true, textContent: 'No round was recorded' };
  const body = { dataset, classList: { toggle: () => {} } };
  const document = {
    body,
    title: 'All is up',
    querySelectorAll: () => [],
    getElementById: () => notice,
    addEventListener: () => {},
    dispatchEvent: () => {},
  };
  const clock = { now: Date.parse(snapshot.at) + seconds * 1000, elapsed: 0 };
  const repeated: (() => unknown)[] = [];
  const limits: (() => void)[] = [];
  runInNewContext(files.get('page.js')?.body ?? '', {
    document,
    Date: { now: () => clock.now, parse: Date.parse },
    performance: { now: () => clock.elapsed },
    CustomEvent: class {},
    Intl,
    HTMLScriptElement: class {},
    HTMLInputElement: class {},
    URL,
    AbortController,
    DOMException,
    setTimeout: (end: () => void) => limits.push(end),
    clearTimeout: () => {},
    DOMParser: class {
      parseFromString = () => ({ body: { dataset: {} } });
    },
    fetch: async (url: string, { signal }: { signal?: AbortSignal }) =>
      await Promise.race([
        answer?.(String(url)),
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('TimeoutError')))),
      ]),
    setInterval: (run: () => unknown) => void repeated.push(run),
    location: answer === null ? { protocol: 'file:' } : { protocol: 'https:', href: 'https://status.example.com/' },
  });
  return {
    isOld: () => {
      expect(document.title).toBe(notice.hidden ? 'All is up' : 'Old: All is up');
      return !notice.hidden;
    },
    /** All that is done again and again, once. */
    repeat: async () => {
      // A page that looks old asks at once.
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.all(repeated.map((run) => run()));
    },
    pass: (more: number) => {
      clock.now += more * 1000;
      clock.elapsed += more * 1000;
    },
    /** What is read out when it is old. */
    words: () => notice.textContent,
    endLimits: () => {
      for (const end of limits.splice(0)) end();
    },
  };
}

const answerOf = (text: string, headers: Record<string, string> = {}, ok = true) => ({
  ok,
  headers: new Headers(headers),
  json: async () => JSON.parse(text) as unknown,
  text: async () => text,
});
const nowJson = (newestRound: string) => JSON.stringify({ newestRound, verdicts: {} });

describe('a page that is kept open', () => {
  const [FIRST, SECOND] = ['2026-11-26T09:11:00Z', '2026-11-26T10:11:00Z'];

  const WRITTEN_WHEN_CHANGED = 'vantages.html';

  test('of a server that never answers for an hour becomes old, and recovers', async () => {
    let newest = FIRST;
    let isSilent = false;
    let asked = 0;
    const answer: Answer = async (url) => {
      if (url.endsWith('now.json')) asked++;
      return isSilent ? new Promise(() => {}) : answerOf(nowJson(newest));
    };
    const page = openPage({ newestRound: FIRST }, 0, answer, WRITTEN_WHEN_CHANGED);
    await page.repeat();
    expect([page.isOld(), asked]).toEqual([false, 1]);
    isSilent = true;
    const hanging = page.repeat();
    page.pass(3_600);
    await Promise.race([page.repeat(), hanging]);
    expect(page.isOld()).toBe(true);
    isSilent = false;
    page.endLimits();
    await hanging;
    newest = SECOND;
    await page.repeat();
    expect([page.isOld(), asked]).toEqual([false, 3]);
  });

  test.each([
    ['garbage', 'zzz'],
    ['a round of next year', '2027-11-26T09:11:00Z'],
  ])('%s as the newest round neither hides silence, nor stays', async (_, garbage) => {
    let newest = garbage;
    const page = openPage({ newestRound: FIRST }, 0, async () => answerOf(nowJson(newest)), WRITTEN_WHEN_CHANGED);
    await page.repeat();
    expect(page.isOld()).toBe(false);
    page.pass(3_600);
    await page.repeat();
    expect(page.isOld()).toBe(true);
    newest = SECOND;
    await page.repeat();
    expect(page.isOld()).toBe(false);
  });

  test.each<[string, number, Record<string, string>, boolean]>([
    ['the clock of the reader is a day late', -86_400, { date: 'Thu, 26 Nov 2026 09:30:00 GMT' }, true],
    ['an old copy that says its age', 0, { date: 'Thu, 26 Nov 2026 09:11:00 GMT', age: '3600' }, true],
    ['an old copy does not set the clock back', 3_600, { date: 'Thu, 26 Nov 2026 09:11:00 GMT' }, true],
    ['no time', 0, {}, false],
    ['a time that is none', 0, { date: 'now', age: '-' }, false],
  ])('%s', async (_, seconds, headers, expected) => {
    const page = openPage({ newestRound: FIRST }, seconds, async () => answerOf(nowJson(FIRST), headers));
    await page.repeat();
    await page.repeat();
    expect(page.isOld()).toBe(expected);
  });

  /** The server answers with its own time; a copy in a cache has one. @param minutes by which the clock of the reader is ahead */
  const readEachRound = async (minutes: number, rounds: number, dates: (nth: number) => number, newest: number) => {
    const at = Date.parse(FIRST);
    const name = (time: number) => new Date(time).toISOString().replace('.000', '');
    let nth = 0;
    const page = openPage({ newestRound: FIRST }, minutes * 60, async () =>
      answerOf(nowJson(name(at + Math.min(nth, newest) * 60_000)), { date: new Date(dates(nth)).toUTCString() }),
    );
    const seen = [page.isOld()];
    for (; nth < rounds; nth++) {
      await page.repeat();
      seen.push(page.isOld());
      page.pass(60);
    }
    return seen;
  };
  const written = Date.parse(FIRST) + 60_000;

  test.each<[string, number, (nth: number) => number, number, readonly boolean[]]>([
    [
      'a clock that is a day ahead: two answers say so',
      1_440,
      (nth) => written + nth * 60_000,
      99,
      [true, true, false, false, false, false, false, false],
    ],
    [
      'that clock does not hide a monitor that is silent',
      1_440,
      (nth) => written + nth * 60_000,
      1,
      [true, true, false, false, false, true, true, true],
    ],
    ['an old copy of one time, for an hour', 60, () => written, 0, [true, true, true, true, true, true, true, true]],
    [
      'a copy of yesterday, and then the server',
      1_440,
      (nth) => written + (nth === 0 ? -86_400_000 : nth * 60_000),
      99,
      [true, true, true, false, false, false, false, false],
    ],
  ])('%s', async (_, minutes, dates, newest, expected) => {
    expect(await readEachRound(minutes, 7, dates, newest)).toEqual(expected);
  });

  test.each([
    ['each minute', 60, 1200, 1201],
    ['each hour', 3_600, 10_800, 10_801],
  ])('of a publisher that has stopped is old although rounds are recorded %s', async (_, every, lasts, after) => {
    let seconds = 0;
    const rounds = async () => answerOf(nowJson(new Date(Date.parse(FIRST) + seconds * 1000).toISOString()));
    const page = openPage({ every, newestRound: FIRST }, 0, rounds);
    for (const next of [60, lasts, after]) {
      page.pass(next - seconds);
      seconds = next;
      await page.repeat();
      expect([next, page.isOld()]).toEqual([next, next === after]);
    }
  });

  test.each(['', '<html>', '{"version":9}', '[]', 'null'])('with %j in place of now.json goes on', async (text) => {
    const page = openPage({ newestRound: FIRST }, 0, async () => answerOf(text));
    await page.repeat();
    expect(page.isOld()).toBe(false);
    page.pass(3_600);
    await page.repeat();
    expect(page.isOld()).toBe(true);
  });
});

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
  [
    'by the clock of its reader alone',
    null,
    /^This is a saved page\. By the clock of this device it is older than 3 min,/,
  ],
  ['by what the server says', async () => answerOf(''), /^No round was recorded$/],
])('a page that is old says so: %s', (_, answer, words) => {
  const page = openPage({ newestRound: '2026-11-26T09:11:00Z' }, 3_600, answer);
  expect(page.isOld()).toBe(true);
  expect(page.words()).toMatch(words);
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
  ['a round that is no time', { newestRound: 'zzz' }, null],
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
