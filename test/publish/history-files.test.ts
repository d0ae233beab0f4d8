import { expect, test } from 'vitest';
import { historyFiles, shardsOf } from '../../lambda/publish/history-files.ts';
import { openReportSource } from '../../lambda/reports/source/report-source.ts';
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
  return await historyFiles(source, all, former, given.isDue ?? true, Date.parse('2026-11-26T06:18:00Z'));
}

test('without a rollup there are none', async () => {
  expect((await filesOf({ through: null })).files.size).toBe(0);
});

test('when an event waits, what is there stays as it is, and nothing is added', async () => {
  const path = 'data/mx1/round/2026-11-26.json';
  const { files } = await filesOf({ through: '2026-11-26T05', former: { [path]: 'full:old' }, isDue: false });
  expect([...files]).toEqual([[path, { news: 'full:old', whole: null }]]);
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
});
