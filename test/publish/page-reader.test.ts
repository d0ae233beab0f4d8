import { beforeAll, expect, test } from 'vitest';
import type { Config } from '../../lambda/config/config.ts';
import { openPageReader } from '../../lambda/publish/page-reader.ts';
import { end, type RecordedMonth, recordMonth } from '../reports/months/recorded-month.ts';

const MINUTE = 60_000;

let recorded: RecordedMonth;

beforeAll(async () => {
  recorded = await recordMonth();
});

/** How much of 90 days nobody watched, as the page has it: that grows while nothing is recorded. */
function openUnwatched() {
  let now = 0;
  const reader = openPageReader(recorded.source.config as Config, recorded.table, () => now);
  return async (minutes: number, isWhole: boolean): Promise<number> => {
    now = end + 18 * MINUTE + minutes * MINUTE;
    const site = await reader.read({ isWhole, isHistoryDue: false, former: new Map() });
    const { targets } = JSON.parse((await site.fileOf('snapshot.json'))?.body ?? '{}');
    return targets.find(({ id }: { readonly id: string }) => id === 'mx1').unwatched;
  };
}

test.each([
  ['five minutes', 55],
  ['seconds', 59.9],
])('days are read once an hour, also if the last publication was %s before', async (_, last) => {
  const unwatched = openUnwatched();
  const first = await unwatched(0, true);
  for (const minutes of [5, 30, last]) expect(await unwatched(minutes, false)).toBe(first);
  expect((await unwatched(60, true)) - first).toBe(60 * MINUTE);
  expect((await unwatched(65, false)) - first).toBe(60 * MINUTE);
});

test('a new container reads them with its first publication, whatever that is', async () => {
  const [known, unwatched] = [openUnwatched(), openUnwatched()];
  const first = await known(0, true);
  expect((await unwatched(30, false)) - first).toBe(30 * MINUTE);
  expect((await unwatched(60, true)) - first).toBe(30 * MINUTE);
});

test('a clock that was a day ahead and is set back does not hold up the days', async () => {
  const [first, unwatched] = [await openUnwatched()(0, true), openUnwatched()];
  await unwatched(24 * 60, true);
  expect((await unwatched(60, true)) - first).toBe(60 * MINUTE);
});

test('the page of a target names its shards, and each is written before it', async () => {
  const reader = openPageReader(recorded.source.config as Config, recorded.table, () => end + 50 * 60 * MINUTE);
  const site = await reader.read({ isWhole: true, isHistoryDue: true, former: new Map() });
  const listOf = async (id: string): Promise<readonly string[]> => {
    const page = (await site.fileOf(`targets/${id}.html`))?.body ?? '';
    return JSON.parse(/id="shards">(.*?)<\/script>/s.exec(page)?.[1] ?? '');
  };
  expect(await listOf('mx1')).toContain('round/2026-10-31.json');
  for (const id of ['mx1', 'mx2', 'submission'])
    for (const shard of await listOf(id)) expect(await site.fileOf(`data/${id}/${shard}`)).not.toBeNull();
});

test.each([
  ['as it is served', 'https://d111111abcdef8.cloudfront.net/', 'https://d111111abcdef8.cloudfront.net/'],
  ['not known', null, ''],
])('feeds and documents have the address of the page: %s', async (_, url, prefix) => {
  const reader = openPageReader(
    recorded.source.config as Config,
    recorded.table,
    () => end,
    () => {},
    url,
  );
  const site = await reader.read({ isWhole: true, isHistoryDue: false, former: new Map() });
  const json = async (path: string) => JSON.parse((await site.fileOf(path))?.body ?? '{}');
  expect((await json('incidents.json')).feed_url).toBe(`${prefix}incidents.json`);
  // Statuspage has no slash at the end.
  expect((await json('api/v2/status.json')).page.url).toBe(url === null ? null : prefix.slice(0, -1));
});
