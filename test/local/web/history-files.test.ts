import { expect, test } from 'vitest';
import { openHistory } from '../../../lambda/history/history.ts';
import { openReportSource } from '../../../lambda/reports/source/report-source.ts';
import { openShardFiles } from '../../../local/web/history-files.ts';
import { healthy, refused, roundOf } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const START = Date.parse('2026-11-22T20:00:00Z');
const HOUR = 3_600_000;
const ALWAYS = Number.POSITIVE_INFINITY;
/** Of a history that goes on after midnight. */
const OVER_MIDNIGHT = [
  'data/mx1/day/2026-11-01.json',
  'data/mx1/hour/2026-11-17.json',
  'data/mx1/round/2026-11-22.json',
  'data/mx1/round/2026-11-23.json',
];
const shown = (id: string) => ({ id, detail: 'full' as const });

function setUp() {
  const clock = { now: START };
  const table = openInMemoryTable(() => clock.now);
  const history = openHistory(table, { now: () => clock.now });
  const record = async (hours: number) => {
    for (const end = clock.now + hours * HOUR; clock.now < end; clock.now += HOUR / 4) {
      const round = `${new Date(clock.now).toISOString().slice(0, 19)}Z`;
      await history.recordRound({ ...roundOf('local', round, { mx1: healthy, mx2: refused }), fresh: 2000 });
    }
    await history.rollUp({ vantages: ['local'], by: 'test', deadline: ALWAYS });
  };
  const told: string[] = [];
  const files = openShardFiles(({ sk }) => told.push(sk));
  const disk = { isBroken: false };
  const query: typeof table.query = (pk, range) =>
    disk.isBroken ? Promise.reject(new Error('the disk cannot be read')) : table.query(pk, range);
  const refresh = async (targets: Parameters<typeof files.refresh>[1], time = ALWAYS) => {
    const source = await openReportSource(table, null);
    await files.refresh({ ...source, table: { ...table, query } }, targets, clock.now, time);
  };
  return { clock, table, told, record, files: files.files, refresh, paths: () => [...files.files.keys()].sort(), disk };
}

const hoursIn = (files: ReturnType<typeof setUp>['files'], path: string) =>
  JSON.parse(files.get(path)?.body ?? '{}').hours?.map(({ hour }: { hour: string }) => hour.slice(11));

test('follow the rollup: a day grows by the hour, and has its hours and its month when it is over', async () => {
  const { record, refresh, paths, files } = setUp();
  await refresh([shown('mx1')]);
  expect(paths()).toEqual([]);
  await record(2);
  await refresh([shown('mx1')]);
  expect(paths()).toEqual(['data/mx1/hour/2026-11-17.json', 'data/mx1/round/2026-11-22.json']);
  expect(hoursIn(files, 'data/mx1/round/2026-11-22.json')).toEqual(['20', '21']);
  await record(3);
  await refresh([shown('mx1')]);
  expect(paths()).toEqual(OVER_MIDNIGHT);
  expect(hoursIn(files, 'data/mx1/round/2026-11-22.json')).toEqual(['20', '21', '22', '23']);
});

test('in the time that they have: the newest first, and the next call goes on', async () => {
  const { record, refresh, paths } = setUp();
  await record(8);
  const targets = [shown('mx1'), shown('mx2')];
  await refresh(targets, 0);
  expect(paths()).toEqual([]);
  await refresh(targets, ALWAYS);
  expect(paths()).toHaveLength(8);
});

test('a shard that could not be read is read after the next rollup, and holds up no other', async () => {
  const { record, refresh, paths, disk } = setUp();
  await record(5);
  disk.isBroken = true;
  await expect(refresh([shown('mx1')])).rejects.toThrow('the disk cannot be read');
  disk.isBroken = false;
  await refresh([shown('mx1')]);
  const known = paths();
  expect(known).toHaveLength(3);
  await record(1);
  await refresh([shown('mx1')]);
  expect(paths()).toEqual(OVER_MIDNIGHT);
});

test('a target that is hidden leaves no file, and one whose name alone is shown has others', async () => {
  const { record, refresh, paths, files } = setUp();
  await record(2);
  await refresh([shown('mx1'), shown('mx2')]);
  expect(files.get('data/mx2/round/2026-11-22.json')?.body).toContain('greeting-refused');
  await refresh([{ id: 'mx2', detail: 'name' }]);
  expect(paths()).toEqual(['data/mx2/hour/2026-11-17.json', 'data/mx2/round/2026-11-22.json']);
  expect(files.get('data/mx2/round/2026-11-22.json')?.body).not.toMatch(/greeting-refused|554/);
});

test('what reaches back too far is dropped', async () => {
  const { clock, record, refresh, paths } = setUp();
  await record(2);
  await refresh([shown('mx1')]);
  clock.now += 30 * 24 * HOUR;
  await record(1);
  await refresh([shown('mx1')]);
  expect(paths()).not.toContain('data/mx1/round/2026-11-22.json');
  expect(paths()).toContain('data/mx1/day/2026-11-01.json');
});

test('an hour that cannot be read is told, and the others are in the shard', async () => {
  const { table, record, refresh, files, told } = setUp();
  await record(3);
  await table.put({ pk: 'target#mx1', sk: 'hour#2026-11-22T21', packing: 99 });
  await refresh([shown('mx1')]);
  expect(told).toContain('hour#2026-11-22T21');
  expect(hoursIn(files, 'data/mx1/round/2026-11-22.json')).toEqual(['20', '22']);
});
