import { describe, expect, test } from 'vitest';
import { openHistory } from '../../../lambda/history/history.ts';
import type { RecordedSample } from '../../../lambda/history/packing/recorded-round.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import { healthy, refused, roundOf } from '../samples.ts';
import { type InMemoryTable, openInMemoryTable } from '../table/in-memory-table.ts';

const vantages = ['us-east-1', 'eu-west-1'];
const start = Date.parse('2026-11-22T00:00:00Z');
const hours = (count: number) => count * 3_600_000;
const name = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');

/** A table, a clock that the test moves, and a history that uses both. */
function setUp(roundDays = 7, wrap = (table: InMemoryTable): Table => table) {
  const clock = { now: start };
  const table = openInMemoryTable(() => clock.now);
  const history = openHistory(wrap(table), { now: () => clock.now, roundDays });
  const record = (vantage: string, at: number, samples: Readonly<Record<string, RecordedSample>>) =>
    history.recordRound(roundOf(vantage, name(at), samples));
  const roundsOf = async (
    from: number,
    until: number,
    samples: Readonly<Record<string, RecordedSample>>,
    step = 600_000,
  ) => {
    for (let at = from; at < until; at += step) {
      for (const vantage of vantages) await record(vantage, at, samples);
    }
  };
  const rollUp = (deadline = Number.POSITIVE_INFINITY, by = 'test') => history.rollUp({ vantages, by, deadline });
  return { clock, table, history, record, roundsOf, rollUp };
}

const itemsOf = (table: InMemoryTable, prefix: string) =>
  [...table.stored.values()].filter(({ sk }) => sk.startsWith(prefix)).sort((a, b) => (a.sk < b.sk ? -1 : 1));

describe('the rollup', () => {
  test('writes the hours that have ended, and no others', async () => {
    const { clock, table, roundsOf, rollUp } = setUp();
    await roundsOf(start, start + hours(2.5), { mx1: healthy, mx2: refused });
    clock.now = start + hours(2.5);
    const report = await rollUp();
    expect(report).toEqual({ ended: 'done', hours: ['2026-11-22T00', '2026-11-22T01'], written: 4, gaps: [] });
    expect(itemsOf(table, 'hour#').map(({ pk, sk }) => `${pk} ${sk}`)).toHaveLength(4);
    expect(await rollUp()).toMatchObject({ ended: 'done', hours: [], written: 0 });
  });

  test('keeps the samples of a vantage that was removed from the config', async () => {
    const { clock, history, roundsOf, rollUp } = setUp();
    await roundsOf(start, start + hours(1.5), { mx1: healthy });
    clock.now = start + hours(1.1);
    await rollUp();
    // It is removed in the middle of an hour: the hour before is checked again, and this one is rolled up.
    const left = () => history.rollUp({ vantages: ['us-east-1'], by: 'test', deadline: Number.POSITIVE_INFINITY });
    clock.now = start + hours(2.1);
    await left();
    clock.now = start + hours(3.1);
    await left();
    const counted = (await history.hours('mx1', name(start))).map(({ vantages: seen }) => seen['eu-west-1']?.counts);
    expect(counted).toEqual([{ pass: 6 }, { pass: 3 }]);
  });

  test('with nothing to roll up does nothing', async () => {
    expect(await setUp().rollUp()).toEqual({ ended: 'done', hours: [], written: 0, gaps: [] });
  });

  test('adds a late round to its hour', async () => {
    const { clock, history, record, roundsOf, rollUp } = setUp();
    await roundsOf(start, start + hours(1), { mx1: healthy });
    clock.now = start + hours(1.1);
    await rollUp();
    await record('eu-west-1', start + 60_000, { mx1: refused });
    clock.now = start + hours(2.1);
    expect(await rollUp()).toMatchObject({ hours: ['2026-11-22T01'], written: 1 });
    const [hour] = await history.hours('mx1', name(start));
    expect(hour?.vantages['eu-west-1']?.counts).toEqual({ pass: 6, fail: 1 });
    expect(hour?.vantages['us-east-1']?.counts).toEqual({ pass: 6 });
  });

  test('catches up after an outage, in several runs if time is short, with the same items', async () => {
    const [slow, quick] = [setUp(), setUp()];
    for (const each of [slow, quick]) {
      await each.roundsOf(start, start + hours(30), { mx1: healthy }, 1_800_000);
    }
    for (let hour = 1; hour <= 30; hour++) {
      slow.clock.now = start + hours(hour);
      await slow.rollUp();
    }
    quick.clock.now = start + hours(30);
    expect(await quick.rollUp(quick.clock.now)).toMatchObject({ ended: 'out of time', hours: [] });
    expect((await quick.rollUp()).hours).toHaveLength(30);
    for (const prefix of ['hour#', 'day#']) {
      expect(itemsOf(quick.table, prefix)).toEqual(itemsOf(slow.table, prefix));
    }
    expect(itemsOf(quick.table, 'day#').map(({ sk }) => sk)).toEqual(['day#2026-11-22']);
  });

  test('reports the hours that it cannot roll up, and continues with the next ones', async () => {
    const { clock, history, roundsOf, rollUp } = setUp(2);
    await roundsOf(start, start + hours(1), { mx1: healthy });
    clock.now = start + hours(1);
    await rollUp();
    clock.now = start + hours(100);
    await roundsOf(start + hours(98), start + hours(100), { mx1: healthy });
    const report = await rollUp();
    expect(report.gaps).toEqual([{ from: '2026-11-22T01', to: '2026-11-24T03' }]);
    expect(report.hours[0]).toBe('2026-11-24T04');
    expect(report.hours.at(-1)).toBe('2026-11-26T03');
    expect((await rollUp()).gaps).toEqual([]);
    expect((await history.gaps()).map(({ from }) => from)).toEqual(['2026-11-22T01']);
  });

  test('writes the days around a gap, with the number of their hours', async () => {
    const { clock, history, record, rollUp } = setUp(2);
    for (let hour = 0; hour < 100; hour += 1) {
      clock.now = start + hours(hour + 0.5);
      await record('eu-west-1', clock.now, { mx1: healthy });
      if (hour <= 12) await rollUp();
    }
    clock.now = start + hours(100);
    expect((await rollUp()).gaps).toEqual([{ from: '2026-11-22T12', to: '2026-11-24T03' }]);
    const days = await history.days('mx1', name(start));
    expect(days.map(({ span, hours: covered }) => [span, covered ?? 24])).toEqual([
      ['2026-11-22', 12],
      ['2026-11-24', 20],
      ['2026-11-25', 24],
    ]);
  });

  test('does not roll up an hour again after some of its rounds have expired', async () => {
    const { clock, history, roundsOf, rollUp } = setUp(1);
    await roundsOf(start, start + hours(1), { mx1: healthy });
    clock.now = start + hours(1);
    await rollUp();
    clock.now = start + hours(24.5);
    await rollUp();
    expect((await history.hours('mx1', name(start)))[0]?.vantages['eu-west-1']?.counts).toEqual({ pass: 6 });
  });

  test('writes the day of a target that was removed at noon', async () => {
    const { clock, history, roundsOf, rollUp } = setUp();
    await roundsOf(start, start + hours(12), { old: healthy, mx1: healthy });
    await roundsOf(start + hours(12), start + hours(24), { mx1: refused });
    for (const at of [12, 24]) {
      clock.now = start + hours(at);
      await rollUp();
    }
    const [day] = await history.days('old', name(start));
    expect(day).toMatchObject({ span: '2026-11-22', vantages: { 'eu-west-1': { counts: { pass: 72 } } } });
    const [other] = await history.days('mx1', name(start), name(start));
    expect(other?.vantages['us-east-1']?.counts).toEqual({ pass: 72, fail: 72 });
  });

  test('of a day of many targets takes several runs, and none writes an item of another run', async () => {
    const written: string[] = [];
    // Each write of a day takes a millisecond.
    const slow = (table: InMemoryTable): Table => ({
      ...table,
      put: async (item, condition) => {
        if (item.sk.startsWith('day#')) {
          written.push(item.pk);
          clock.now += 1;
        }
        return table.put(item, condition);
      },
    });
    const { clock, table, record, rollUp } = setUp(7, slow);
    const targets = Array.from({ length: 450 }, (_, n) => `mx${n}`);
    await record('local', start + hours(23.5), Object.fromEntries(targets.map((target) => [target, healthy])));
    await record('eu-west-1', start + hours(23.5), Object.fromEntries(targets.map((target) => [target, healthy])));
    clock.now = start + hours(24.1);
    const first = await rollUp(clock.now + 300);
    expect(first).toMatchObject({ ended: 'out of time', hours: ['2026-11-22T23'], written: 850 });
    expect(await rollUp()).toMatchObject({ ended: 'done', hours: [], written: 50 });
    expect(written).toHaveLength(450);
    expect(new Set(written).size).toBe(450);
    expect(itemsOf(table, 'day#')[0]).toMatchObject({ hours: 1, vantages: { 'eu-west-1': { counts: { pass: 1 } } } });
  });

  test('writes a day again after a late round in its last hour', async () => {
    const { clock, history, record, roundsOf, rollUp } = setUp();
    await roundsOf(start + hours(22), start + hours(24), { mx1: healthy });
    clock.now = start + hours(24.1);
    await rollUp();
    await record('eu-west-1', start + hours(24) - 60_000, { mx1: refused, mx2: refused });
    clock.now = start + hours(25.1);
    await rollUp();
    const [day] = await history.days('mx1', name(start));
    expect(day).toMatchObject({ hours: 2, vantages: { 'eu-west-1': { counts: { pass: 12, fail: 1 } } } });
    expect(await history.days('mx2', name(start))).toMatchObject([{ hours: 1 }]);
  });

  test('is done by one run at a time; the lease of a run that died expires', async () => {
    // It ends at its second write to the progress item: the first is the lease.
    const life = { left: 1 };
    const dying = (table: InMemoryTable): Table => ({
      ...table,
      put: async (item, condition) => {
        if (item.sk === 'hours' && --life.left < 0) throw new Error('killed');
        return table.put(item, condition);
      },
    });
    const { clock, roundsOf, rollUp, history } = setUp(7, dying);
    await roundsOf(start, start + hours(1), { mx1: healthy });
    clock.now = start + hours(1);
    await expect(rollUp(undefined, 'one')).rejects.toThrow('killed');
    life.left = Number.POSITIVE_INFINITY;
    expect((await rollUp(undefined, 'two')).ended).toBe('busy');
    clock.now += 16 * 60_000 + 1;
    expect(await rollUp(undefined, 'two')).toMatchObject({ ended: 'done', hours: ['2026-11-22T00'] });
    expect(await history.hours('mx1', name(start))).toHaveLength(1);
  });
});

describe('samples of a target', () => {
  test('come from hours and from rounds, none twice and none lost', async () => {
    const { clock, history, roundsOf, rollUp } = setUp();
    await roundsOf(start, start + hours(4), { mx1: healthy, mx2: refused });
    const before = await history.samples('mx1', vantages, name(start));
    clock.now = start + hours(3.5);
    await rollUp();
    const after = await history.samples('mx1', vantages, name(start));
    expect(after).toHaveLength(48);
    expect(after).toEqual(before);
    expect(after.map(({ round }) => round)).toEqual(after.map(({ round }) => round).toSorted());
  });

  test('are within the given bounds and vantages', async () => {
    const { clock, history, roundsOf, rollUp } = setUp();
    await roundsOf(start, start + hours(4), { mx1: healthy });
    clock.now = start + hours(3.5);
    await rollUp();
    const [from, to] = [name(start + hours(0.5)), name(start + hours(3))];
    const some = await history.samples('mx1', ['eu-west-1'], from, to);
    expect(some).toHaveLength(16);
    expect([some[0]?.round, some.at(-1)?.round]).toEqual([from, to]);
    expect(await history.samples('nobody', vantages, name(start))).toEqual([]);
  });

  test('remain after their rounds have expired', async () => {
    const { clock, history, roundsOf, rollUp } = setUp(1);
    await roundsOf(start, start + hours(2), { mx1: healthy, mx2: refused });
    clock.now = start + hours(2);
    await rollUp();
    clock.now = start + hours(200);
    expect(await history.rounds('eu-west-1', name(start))).toEqual([]);
    const samples = await history.samples('mx2', vantages, name(start), name(start + hours(2)));
    expect(samples).toHaveLength(24);
    expect(samples[0]?.sample).toEqual({ ...refused, transcript: [] });
  });
});
