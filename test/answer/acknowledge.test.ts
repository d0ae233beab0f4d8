import { describe, expect, test } from 'vitest';
import { acknowledge, findOpenIncident, placeOf } from '../../lambda/answer/incidents/acknowledge.ts';
import { openIncidentStores } from '../../lambda/answer/incidents/incident-stores.ts';
import { openIncidents } from '../../lambda/answer/incidents/open-incidents.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { INCIDENTS, NOW, OPENED, storeIncidents } from './answered.ts';

async function stored(wrap = (table: Table) => table) {
  const table = openInMemoryTable(() => NOW);
  await storeIncidents(table);
  return { table, stores: openIncidentStores(wrap(table)) };
}

describe.each(Object.entries(INCIDENTS))('%s', (_, id) => {
  test('is acknowledged once; who comes second learns who was first', async () => {
    const { stores } = await stored();
    const done = await acknowledge(stores, id, 'ops@example.com', NOW);
    expect(done).toMatchObject({
      outcome: 'acknowledged',
      acknowledged: { at: '2026-11-22T05:20:00Z', by: 'ops@example.com' },
    });
    expect((await findOpenIncident(stores, id))?.acknowledged?.by).toBe('ops@example.com');
    const again = await acknowledge(stores, id, 'duty@example.com', NOW + 60_000);
    expect(again).toMatchObject({ outcome: 'already', acknowledged: { by: 'ops@example.com' } });
  });

  test('of two at once, one is first and both name that one', async () => {
    const { stores } = await stored();
    const both = await Promise.all(['a@example.com', 'b@example.com'].map((by) => acknowledge(stores, id, by, NOW)));
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['acknowledged', 'already']);
    const names = both.map((done) => ('acknowledged' in done ? done.acknowledged.by : null));
    expect(new Set(names).size).toBe(1);
  });

  test('no other incident is acknowledged with it', async () => {
    const { stores } = await stored();
    await acknowledge(stores, id, 'ops@example.com', NOW);
    const open = (await Promise.all(['mx1', 'example.com', 'out'].map((name) => openIncidents(stores, name)))).flat();
    expect(open.map((one) => one.id).sort()).toEqual(Object.values(INCIDENTS).sort());
    expect(open.filter(({ acknowledged }) => acknowledged !== undefined).map((one) => one.id)).toEqual([id]);
  });

  test('an earlier incident of the same name is over', async () => {
    const { stores } = await stored();
    const earlier = id.replace(OPENED, '2026-11-21T05:08:00Z');
    expect(await acknowledge(stores, earlier, 'ops@example.com', NOW)).toEqual({ outcome: 'over' });
    expect((await findOpenIncident(stores, id))?.acknowledged).toBeUndefined();
  });

  test('the judge that writes in between is not overwritten; after five times it is said', async () => {
    let writes = 0;
    let most = 3;
    const { stores, table } = await stored((inner) => ({
      ...inner,
      put: async (item, condition) => {
        if (writes++ < most) {
          const before = await inner.get(item.pk, item.sk);
          if (before !== null) await inner.put({ ...before, version: Number(before.version) + 1, judged: writes });
        }
        return inner.put(item, condition);
      },
    }));
    expect((await acknowledge(stores, id, 'ops@example.com', NOW)).outcome).toBe('acknowledged');
    await storeAgain(table, id);
    [writes, most] = [0, 100];
    expect(await acknowledge(stores, id, 'ops@example.com', NOW)).toEqual({ outcome: 'busy' });
  });
});

/** Opens the incidents again. */
async function storeAgain(table: Table & { stored: ReadonlyMap<string, unknown> }, _id: string): Promise<void> {
  (table.stored as Map<string, unknown>).clear();
  await storeIncidents(table);
}

test.each([
  '',
  '@',
  'mx1',
  'mx9@2026-11-22T05:08:00Z',
  'example.com/other@2026-11-22T05:08:00Z',
  'verdicts@2026-11-22T05:08:00Z',
  '#judged@2026-11-22T05:08:00Z',
  `${'x'.repeat(5000)}@2026-11-22T05:08:00Z`,
  'mx1@2026-11-22T05:08:00Z\n',
  '../mx1@2026-11-22T05:08:00Z',
])('an incident that there is not is over: %.40s', async (id) => {
  const { stores } = await stored();
  expect(await acknowledge(stores, id, 'ops@example.com', NOW)).toEqual({ outcome: 'over' });
  expect(await findOpenIncident(stores, id)).toBeNull();
});

test.each([
  { by: '', kept: 'somebody' },
  { by: '  ops  ', kept: 'ops' },
  { by: 'a\u0000b\u001b[31m\u202e', kept: 'a\\x00b\\x1b[31m\\u{202e}' },
  { by: 'x'.repeat(10_000), kept: `${'x'.repeat(119)}…` },
])('a name is kept as bounded, inert text: %#', async ({ by, kept }) => {
  const { stores } = await stored();
  expect(await acknowledge(stores, INCIDENTS.target, by, NOW)).toMatchObject({ acknowledged: { by: kept } });
});

test('an id names the verdict that its incident is in', () => {
  expect(Object.values(INCIDENTS).map(placeOf)).toEqual([
    { kind: 'target', subject: 'mx1' },
    { kind: 'posture', subject: 'example.com' },
    { kind: 'posture', subject: 'example.com' },
    { kind: 'trip', subject: 'out' },
    { kind: 'bounces', subject: 'example.com' },
  ]);
});
