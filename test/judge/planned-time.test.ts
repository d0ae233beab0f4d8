import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MaintenanceWindow } from '../../lambda/calendar/planned-time.ts';
import type { Target } from '../../lambda/config/config.ts';
import { openWindowStore, type WindowStore } from '../../lambda/history/windows/window-store.ts';
import { keepPlanned, plannedHold, readPlanned } from '../../lambda/judge/routing/planned-time.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-29T02:00:00Z');
const target = (id: string, tags: readonly string[] = []) => ({ id, tags }) as unknown as Target;
const targets = [target('mx1', ['edge']), target('mx2'), target('web', ['edge'])];

function windowOf(id: string, from: number, until: number, scope: object = {}): MaintenanceWindow {
  return { id, why: 'planned', grace: 0, times: { kind: 'once', from, until }, ...scope };
}

async function pass(store: WindowStore, maintenance: readonly MaintenanceWindow[], now: number, watched = targets) {
  const config = { targets: watched, maintenance };
  const planned = await readPlanned(config, store, now);
  await keepPlanned(config, store, planned, now);
  return planned;
}

const kept = async (store: WindowStore) =>
  (await store.plannedTimes(0, START * 2)).map(({ kind, id, from, until, subjects }) => {
    return [kind, id, (from - START) / MINUTE, (until - START) / MINUTE, subjects?.join(' ') ?? 'all'];
  });

describe('what was in force is kept', () => {
  const open = () => {
    const table = openInMemoryTable(() => START);
    return { table, store: openWindowStore(table) };
  };
  const hour = windowOf('a', START, START + 60 * MINUTE, { targets: ['mx*'] });

  test('once, with its end, by the ids of its targets', async () => {
    const { store } = open();
    for (let minute = -1; minute < 70; minute++) await pass(store, [hour], START + minute * MINUTE + 3000);
    expect(await kept(store)).toEqual([['window', 'a', 0, 60, 'mx1 mx2']]);
  });

  test('a changed config does not change it', async () => {
    const { store } = open();
    await pass(store, [hour], START);
    await pass(store, [], START + 20 * MINUTE);
    await pass(store, [{ ...hour, targets: ['web'] }], START + 30 * MINUTE);
    await pass(store, [], START + 90 * MINUTE);
    expect(await kept(store)).toEqual([
      ['window', 'a', 0, 20, 'mx1 mx2'],
      ['window', 'a', 30, 60, 'web'],
    ]);
  });

  test('a window that is written into the config while it is in force does not change the past', async () => {
    const { store } = open();
    await pass(store, [], START - MINUTE);
    await pass(store, [hour], START + 40 * MINUTE);
    expect(await kept(store)).toEqual([['window', 'a', 40, 60, 'mx1 mx2']]);
  });

  test('one that is made longer or shorter has its real end', async () => {
    const { store } = open();
    await pass(store, [hour], START);
    await pass(store, [windowOf('a', START, START + 90 * MINUTE, { targets: ['mx*'] })], START + 10 * MINUTE);
    expect(await kept(store)).toEqual([['window', 'a', 0, 90, 'mx1 mx2']]);
    await pass(store, [windowOf('a', START, START + 5 * MINUTE, { targets: ['mx*'] })], START + 11 * MINUTE);
    expect(await kept(store)).toEqual([['window', 'a', 0, 11, 'mx1 mx2']]);
  });

  test('targets that are added meanwhile are in it from then on', async () => {
    const { store } = open();
    const edge = windowOf('e', START, START + 60 * MINUTE, { tags: ['edge'] });
    await pass(store, [edge], START, targets.slice(0, 1));
    await pass(store, [edge], START + 5 * MINUTE);
    expect(await kept(store)).toEqual([
      ['window', 'e', 0, 5, 'mx1'],
      ['window', 'e', 5, 60, 'mx1 web'],
    ]);
  });

  test('a mute that somebody ended has that end', async () => {
    const { store } = open();
    const mute = { id: 'm', from: START, until: START + 120 * MINUTE, why: 'x', by: 'ops', targets: ['mx1'] };
    expect(await store.writeMute({ ...mute, version: 1 })).toBe(true);
    await pass(store, [], START + MINUTE);
    expect(await store.writeMute({ ...mute, until: START + 90_000, endedBy: 'ops', version: 2 })).toBe(true);
    expect(plannedHold(await pass(store, [], START + 2 * MINUTE), 'mx1', [], START + 2 * MINUTE)).toBeNull();
    expect(await kept(store)).toEqual([['mute', 'm', 0, 1.5, 'mx1']]);
  });

  test('thousands of targets are kept in parts', async () => {
    const { store } = open();
    const many = Array.from({ length: 4000 }, (_, n) => target(`mx${n}`));
    await pass(store, [hour], START, many);
    const times = await store.plannedTimes(START, START + 1);
    expect(times.map(({ subjects }) => subjects?.length)).toEqual([1500, 1500, 1000]);
    expect(new Set(times.flatMap(({ subjects }) => subjects)).size).toBe(4000);
    await pass(store, [], START + 15 * MINUTE, many);
    expect(await store.plannedTimes(START + 16 * MINUTE, START + 17 * MINUTE)).toEqual([]);
  });

  test('nothing is written while nothing changes', async () => {
    const { table, store } = open();
    await pass(store, [hour], START);
    let writes = 0;
    const counting = openWindowStore({
      ...table,
      put: (...args) => {
        writes += 1;
        return table.put(...args);
      },
    });
    for (let minute = 1; minute < 60; minute++) await pass(counting, [hour], START + minute * MINUTE);
    expect(writes).toBe(0);
  });

  test('an item that cannot be read is told and skipped', async () => {
    const { table } = open();
    const told: string[] = [];
    const store = openWindowStore(table, ({ pk, sk }) => void told.push(`${pk} ${sk}`));
    await table.put({ pk: 'mutes', sk: '#in-force', open: 'x', version: 4 });
    await table.put({ pk: 'mutes', sk: 'm', from: 'yesterday' });
    await pass(store, [hour], START);
    expect(told).toEqual(['mutes m', 'mutes #in-force']);
    expect(await kept(store)).toHaveLength(1);
    await pass(store, [], START + 20 * MINUTE);
    expect(await kept(store)).toEqual([['window', 'a', 0, 20, 'mx1 mx2']]);
  });
});

test('whatever changes and whichever write fails, what is kept of a minute is what was in force in it', async () => {
  // Each pass has a config; a write of it may fail, and the next pass goes on.
  const step = fc.record({
    windows: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    scope: fc.constantFrom(['mx1'], ['mx*']),
    failsAt: fc.option(fc.nat(3)),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const table = openInMemoryTable();
      const expected = new Set<number>();
      let isDirty = false;
      for (const [minute, { windows, scope, failsAt }] of steps.entries()) {
        const now = START + minute * MINUTE;
        const maintenance = windows.map((id) =>
          windowOf(id, START - 60 * MINUTE, START + 600 * MINUTE, { targets: scope }),
        );
        let count = 0;
        const failing = openWindowStore({
          ...table,
          put: async (...args) => {
            if (failsAt !== null && count++ >= failsAt) throw new Error('the table does not answer');
            return table.put(...args);
          },
        });
        const failed = await pass(failing, maintenance, now).then(
          () => false,
          () => true,
        );
        isDirty ||= failed;
        if (!failed && windows.length > 0) expected.add(minute);
      }
      await pass(openWindowStore(table), [], START + steps.length * MINUTE);
      const times = await openWindowStore(table).plannedTimes(0, START * 2);
      const covered = steps.flatMap((_, minute) => {
        const at = START + minute * MINUTE;
        return times.some(({ from, until, subjects }) => from <= at && until > at && subjects?.includes('mx1'))
          ? [minute]
          : [];
      });
      // What was kept in a pass that failed may be more, but nothing that was in force is missing.
      for (const minute of expected) expect(covered).toContain(minute);
      if (!isDirty) expect(covered).toEqual([...expected]);
    }),
    { numRuns: 200 },
  );
});
