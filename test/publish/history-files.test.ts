import { expect, test } from 'vitest';
import { openHistory } from '../../lambda/history/history.ts';
import { historyFiles, presentShards, shardsOf } from '../../lambda/publish/history-files.ts';
import { openReportSource } from '../../lambda/reports/source/report-source.ts';
import { healthy, roundOf } from '../history/samples.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';

const targets = [{ id: 'mx1', detail: 'full' }] as const;
const labels = (through: string) => new Map([...shardsOf(targets, through)].map(([path, { label }]) => [path, label]));

/** Shards whose label is another one, or that are new. */
function changed(before: string, after: string): readonly string[] {
  const former = labels(before);
  return [...labels(after)].flatMap(([path, label]) => (former.get(path) === label ? [] : [path])).sort();
}

test.each([
  ['an hour of the day', '2026-11-26T05', '2026-11-26T06', ['data/mx1/round/2026-11-26.json']],
  [
    'the last hour: its day is over',
    '2026-11-26T22',
    '2026-11-26T23',
    ['data/mx1/day/2026-11-01.json', 'data/mx1/hour/2026-11-25.json', 'data/mx1/round/2026-11-26.json'],
  ],
  [
    'the first hour: late rounds of the day before',
    '2026-11-26T23',
    '2026-11-27T00',
    ['data/mx1/round/2026-11-26.json', 'data/mx1/round/2026-11-27.json'],
  ],
  ['then nothing of the day before', '2026-11-27T00', '2026-11-27T01', ['data/mx1/round/2026-11-27.json']],
  ['the same hour', '2026-11-27T01', '2026-11-27T01', []],
])('%s', (_, before, after, paths) => {
  expect(changed(before, after)).toEqual(paths);
});

test('other rules of what is shown write all of them again', () => {
  const named = shardsOf([{ id: 'mx1', detail: 'name' }], '2026-11-26T05');
  const full = labels('2026-11-26T05');
  expect([...named].filter(([path, { label }]) => full.get(path) === label)).toEqual([]);
});

test('each hour has a rollup that no shard has before it: labels only grow', () => {
  let former = labels('2026-10-30T00');
  for (let at = Date.parse('2026-10-30T01:00:00Z'); at < Date.parse('2026-12-02T00:00:00Z'); at += 3_600_000) {
    const next = labels(new Date(at).toISOString().slice(0, 13));
    for (const [path, label] of next) expect(label >= (former.get(path) ?? '')).toBe(true);
    former = next;
  }
});

async function filesOf(given: {
  through: string | null;
  former?: Record<string, string>;
  isDue?: boolean;
  many?: number;
}) {
  const table = openInMemoryTable();
  const done = { rounds: {}, gaps: [], days: [], version: 1, lease: null };
  if (given.through !== null) await table.put({ ...done, through: given.through, pk: 'rollup', sk: 'hours' });
  const former = new Map(Object.entries(given.former ?? {}).map(([path, news]) => [path, { news, whole: '' }]));
  const all = Array.from({ length: given.many ?? 1 }, (_, nth) => ({ id: `mx${nth + 1}`, detail: 'full' as const }));
  const source = await openReportSource(table, null);
  const shown = { targets: all, former, isDue: given.isDue ?? true };
  return await historyFiles(source, shown, Date.parse('2026-11-26T06:18:00Z'));
}

test('without a rollup there are none', async () => {
  expect((await filesOf({ through: null })).files.size).toBe(0);
});

test('when an event waits, what is there stays as it is, and nothing is added', async () => {
  const path = 'data/mx1/round/2026-11-26.json';
  const { files } = await filesOf({ through: '2026-11-26T05', former: { [path]: 'full:old' }, isDue: false });
  expect([...files]).toEqual([[path, { news: 'full:old', whole: '' }]]);
});

test.each(['', 'name:old', 'full-:old'])('a shard that was written under other rules (%s) is removed', async (news) => {
  const path = 'data/mx1/round/2026-11-26.json';
  const { files } = await filesOf({ through: '2026-11-26T05', former: { [path]: news }, isDue: false });
  expect([...files]).toEqual([]);
});

test('shards of other rules that are not written yet are removed meanwhile', async () => {
  const [first = ''] = labels('2026-11-26T05').keys();
  const former = Object.fromEntries(
    Array.from({ length: 300 }, (_, nth) => [first.replace('mx1', `mx${nth + 1}`), 'name:old']),
  );
  const { files } = await filesOf({ through: '2026-11-26T05', former, many: 300 });
  expect([...files.values()].filter(({ news }) => news === 'name:old')).toEqual([]);
});

test('of many targets so many are written at a time, the newest first', async () => {
  const { files } = await filesOf({ through: '2026-11-26T05', many: 300 });
  expect(files.size).toBe(400);
  const rounds = [...files.keys()].filter((path) => path.includes('/round/2026-11-26'));
  expect(rounds).toHaveLength(300);
});

test('a shard of a time of which there is nothing is no file', async () => {
  const { files, read } = await filesOf({ through: '2026-11-26T05' });
  const [first = ''] = files.keys();
  expect(await read(first)).toBeNull();
  expect(await read('data/other.json')).toBeNull();
  expect(presentShards(files)).toEqual([]);
});

/** Some hours of mx1, rolled up, and what is asked of the table from now on. */
async function openRecorded(end: string) {
  const clock = { now: Date.parse('2026-11-26T03:00:00Z') };
  const table = openInMemoryTable(() => clock.now);
  const history = openHistory(table, { now: () => clock.now });
  const asked: string[] = [];
  const told: string[] = [];
  const query: typeof table.query = (pk, range) => {
    if (pk === 'target#mx1' && /^(hour|day)#/.test(range?.from ?? '')) asked.push(range?.from ?? '');
    return table.query(pk, range);
  };
  const record = async (until: string) => {
    for (; clock.now < Date.parse(until); clock.now += 1_800_000) {
      const round = `${new Date(clock.now).toISOString().slice(0, 19)}Z`;
      await history.recordRound({ ...roundOf('local', round, { mx1: healthy }), fresh: 4000 });
    }
    await history.rollUp({ vantages: ['local'], by: 'test', deadline: Number.POSITIVE_INFINITY });
  };
  await record(end);
  const files = async (former: Parameters<typeof historyFiles>[1]['former'], isDue = true) => {
    asked.splice(0);
    const source = { ...(await openReportSource(table, null)), table: { ...table, query } };
    return await historyFiles(source, { targets, former, isDue }, clock.now, ({ sk }) => told.push(sk));
  };
  return { table, record, files, asked, told };
}

const TODAY = 'data/mx1/round/2026-11-26.json';
const HOURS = 'data/mx1/hour/2026-11-25.json';

/** What the manifest has after a publication. */
const inBucket = (files: Awaited<ReturnType<typeof historyFiles>>['files']) =>
  new Map([...files].map(([path, { news, whole }]) => [path, { news, whole: whole ?? '' }] as const));

test('which shards there are is known before the pages are made, and is not read again', async () => {
  const { files, asked } = await openRecorded('2026-11-26T06:00:00Z');
  const first = await files(new Map());
  expect(presentShards(first.files).toSorted()).toEqual([HOURS, TODAY]);
  expect(first.files.size).toBeGreaterThan(20);
  const count = asked.length;
  for (const path of first.files.keys()) expect((await first.read(path)) !== null).toBe([HOURS, TODAY].includes(path));
  expect(asked).toHaveLength(count);
  const second = await files(inBucket(first.files));
  expect(asked).toEqual([]);
  expect([...second.files]).toEqual([...first.files]);
});

test('one that is there and has more is read when it is written; one that begins is read before', async () => {
  const { record, files, asked } = await openRecorded('2026-11-26T06:00:00Z');
  const first = await files(new Map());
  await record('2026-11-26T08:00:00Z');
  const second = await files(inBucket(first.files));
  expect([presentShards(second.files).toSorted(), asked]).toEqual([[HOURS, TODAY], []]);
  expect((await second.read(TODAY))?.body).toContain('2026-11-26T07');
  await record('2026-11-27T02:00:00Z');
  const third = await files(inBucket(second.files));
  expect(presentShards(third.files).toSorted()).toEqual([
    'data/mx1/day/2026-11-01.json',
    HOURS,
    TODAY,
    'data/mx1/round/2026-11-27.json',
  ]);
});

test('of a release that did not say which there are, all count as there until they are read again', async () => {
  const { files } = await openRecorded('2026-11-26T06:00:00Z');
  const { files: known } = await files(new Map());
  const former = new Map([...inBucket(known)].map(([path, { news }]) => [path, { news, whole: '' }] as const));
  expect(presentShards((await files(former, false)).files)).toHaveLength(former.size);
  expect([...(await files(former)).files]).toEqual([...known]);
});

test('an hour that cannot be read is told, and the others are in the shard', async () => {
  const { table, files, told } = await openRecorded('2026-11-26T06:00:00Z');
  const [hour] = await table.query('target#mx1', { from: 'hour#2026-11-26T04', to: 'hour#2026-11-26T04' });
  if (hour === undefined) throw new Error('the hour is there');
  await table.put({ pk: hour.pk, sk: hour.sk, packing: 99 });
  const { read } = await files(new Map());
  const body = (await read(TODAY))?.body ?? '';
  expect(told).toContain('hour#2026-11-26T04');
  expect(JSON.parse(body).hours.map((one: { hour: string }) => one.hour)).toEqual(['2026-11-26T03', '2026-11-26T05']);
});
