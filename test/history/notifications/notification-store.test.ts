import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeAlert } from '../../../lambda/alert/routing/take-alert.ts';
import type { Notification } from '../../../lambda/consensus/notification/notification.ts';
import { problemOf } from '../../../lambda/history/exported-item-check.ts';
import { type NotificationStore, openNotifications } from '../../../lambda/history/notifications/notification-store.ts';
import { witness } from '../../alert/alerts.ts';
import { alertAt, start } from '../../alert/delivery/deliveries.ts';
import { contextOf, entry } from '../../alert/routing/routing-world.ts';
import { openInMemoryTable } from '../table/in-memory-table.ts';
import { describeStores, type Store } from '../table/stores.ts';

const down = alertAt(0, 'down', 'mx1');
const context = contextOf([entry('ops')]);
const taken = (before: Notification | null) => takeAlert(before, down, context, start);
const id = down.incident?.id ?? '';

describeStores('notifications in a table', (startStore) => {
  let table: Store;
  let store: NotificationStore;
  beforeAll(async () => {
    table = await startStore();
    store = openNotifications(
      table.open(() => start),
      { now: () => start },
    );
  });
  afterAll(() => table.close());

  /** Takes the first alert of an incident of its own. */
  const take = (incident: string) => (before: Notification | null) => ({ ...taken(before), incident });

  test('what is written is read as it was, and is open until it is closed and handed over', async () => {
    const written = await store.change('a', take('a'));
    expect(written).toMatchObject({ incident: 'a', version: 1, owed: [{ id: down.id, to: ['webhook:ops'] }] });
    expect(await store.notification('a')).toMatchObject({ ...written });
    await store.change('a', (one) => one && { ...one, closed: down.at }, written ?? undefined);
    expect((await store.open()).map(({ incident }) => incident)).toEqual(['a']);
    await store.change('a', (one) => one && { ...one, owed: [] });
    expect(await store.open()).toEqual([]);
    expect(await store.notification('a')).toMatchObject({ taken: [down.id], version: 3 });
  });

  test('of two that change it at once, each change is made', async () => {
    const first = await store.change('b', take('b'));
    await store.change('b', (one) => one && { ...one, reissued: one.reissued + 1 });
    // With what was read before.
    await store.change('b', (one) => one && { ...one, reissued: one.reissued + 1 }, first ?? undefined);
    expect(await store.notification('b')).toMatchObject({ reissued: 2, version: 3 });
  });

  test('the same is not written again', async () => {
    await store.change('c', take('c'));
    expect(await store.change('c', (one) => one)).toMatchObject({ version: 1 });
  });
});

test.each([7, 'x', null, [1], { a: 1 }])(
  'an item that cannot be read is told, counts as none, and is replaced, whatever its version is: %j',
  async (version) => {
    const table = openInMemoryTable(() => start);
    const told: string[] = [];
    const store = openNotifications(table, { now: () => start, reportUnreadable: ({ sk }) => void told.push(sk) });
    await table.put({ pk: 'notifications', sk: id, told: 'everybody', version });
    await table.put({ pk: 'notifications', sk: 'other', version });
    expect([await store.notification(id), await store.open()]).toEqual([null, []]);
    expect(told).toEqual([id, 'other']);
    expect(await store.change(id, taken)).toMatchObject({ version: 1 });
    expect((await store.open()).map(({ incident }) => incident)).toEqual([id]);
  },
);

test('the evidence is shortened in what is read each minute, and whole in what is to be sent', async () => {
  const table = openInMemoryTable(() => start);
  const store = openNotifications(table, { now: () => start });
  const transcript = Array.from({ length: 400 }, (_, line) => `S: 250 line ${line} of a server that says a lot`);
  const incident = down.incident && { ...down.incident, witnesses: [{ ...witness, transcript }] };
  await store.change(id, () => takeAlert(null, { ...down, incident }, context, start));
  const stored = await store.notification(id);
  expect(JSON.stringify(stored?.alert).length).toBeLessThan(12 * 1024);
  expect(stored?.owed[0]?.incident?.witnesses[0]?.transcript).toEqual(transcript);
});

test('a closed one goes two days later', async () => {
  const clock = { now: start };
  const table = openInMemoryTable(() => clock.now);
  const store = openNotifications(table, { now: () => clock.now });
  await store.change(id, () => ({ ...taken(null), owed: [], closed: down.at }));
  expect(await store.notification(id)).not.toBeNull();
  clock.now += 2 * 86_400_000 + 1000;
  expect(await table.query('notifications')).toEqual([]);
});

test('an export file may have it, and one that is none is refused', async () => {
  const table = openInMemoryTable(() => start);
  await openNotifications(table, { now: () => start }).change(id, taken);
  const item = await table.get('notifications', id);
  expect(item === null ? 'absent' : problemOf(item)).toBeNull();
  expect(problemOf({ ...item, pk: 'notifications', sk: id, told: [] })).toContain('who was told');
});
