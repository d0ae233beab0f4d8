/**
 * A table of the first release with routing, as `routed-table.ts` filled it: each later version must read it. The items of
 * deliveries and of posted messages are there, too, which no export has. Do not write it again with a later version.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { passOfTime } from '../../lambda/alert/routing/pass-of-time.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { problemOf } from '../../lambda/history/exported-item-check.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { openNotifications } from '../../lambda/history/notifications/notification-store.ts';
import type { Item, Table } from '../../lambda/history/table/table.ts';
import { openTripStore } from '../../lambda/history/trips/trip-store.ts';
import { openWindowStore } from '../../lambda/history/windows/window-store.ts';
import { routingContext } from '../../lambda/judge/routing/routing-context.ts';
import { openInMemoryTable } from './table/in-memory-table.ts';

const END = Date.parse('2026-11-22T06:00:00Z');
const file = resolve(import.meta.dirname, '../fixtures/table-routed-0.1.ndjson');
const items = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Item);
const RELAY = 'relay@2026-11-22T05:40:00Z';
const HOOK = 'webhook:https://hooks.example.com#e05c0f78';

let table: Table;
beforeAll(async () => {
  table = openInMemoryTable(() => END);
  for (const item of items) await table.put(item);
});

test('each item that an export has is one that this version knows', () => {
  const exported = items.filter(({ pk }) => !/^(delivery|posted)#/.test(pk));
  expect(exported).toHaveLength(8);
  expect(exported.map(problemOf)).toEqual(exported.map(() => null));
});

test('who was told, and what is owed', async () => {
  const open = await openNotifications(table).open();
  expect(open).toMatchObject([
    {
      incident: 'mx2@2026-11-22T05:59:00Z',
      severity: 'critical',
      told: { 'on-call': { receiver: HOOK, first: '2026-11-22T06:00:00Z', times: 1, reminders: 0 } },
      since: { boss: '2026-11-22T06:00:00Z' },
      owed: [{ kind: 'down', to: [HOOK, 'topic'], causes: ['host:mx1.example.com', 'network:198.51.100.0/24'] }],
      taken: ['mx2@2026-11-22T05:59:00Z#1-down'],
    },
    {
      incident: RELAY,
      told: { 'on-call': { first: '2026-11-22T05:40:00Z' }, boss: { first: '2026-11-22T05:50:00Z' } },
      acknowledged: { at: '2026-11-22T06:00:00Z', by: 'ops@example.com' },
      owed: [],
      reissued: 2,
    },
  ]);
});

test('an acknowledged incident needs nothing more, an hour later either', async () => {
  const relay = await openNotifications(table).notification(RELAY);
  const config = { notify: [], targets: [] } as unknown as Parameters<typeof routingContext>[0]['config'];
  const context = routingContext({ config, channels: [], isDown: () => false });
  expect(relay && passOfTime(relay, context, END + 3_600_000)).toBe(relay);
});

test('deliveries, with why they are sent again', async () => {
  const deliveries = openDeliveries(table, { now: () => END });
  const of = async (channel: string) => (await deliveries.pending(channel, ' ')).map(({ alert }) => alert);
  expect(await of('topic')).toMatchObject([
    { kind: 'down', to: [HOOK, 'topic'], severity: 'critical' },
    { id: `${RELAY}#1-down+boss-1`, to: [expect.stringMatching(/^email:/)], again: { why: 'step' } },
    { kind: 'update', again: { why: 'acknowledged', by: 'ops@example.com' } },
  ]);
  expect((await of(HOOK)).map(({ kind, again }) => [kind, again?.why])).toEqual([
    ['down', undefined],
    ['update', 'acknowledged'],
  ]);
  expect(await deliveries.posted('slack:C0123ABCD45', RELAY)).toEqual({
    message: '1795323552.000100',
    alert: `${RELAY}#1-down`,
  });
});

test('windows and mutes', async () => {
  const windows = openWindowStore(table);
  const { mutes, inForce } = await windows.mutes();
  expect(mutes).toMatchObject([{ id: 'm1', why: 'a new disk', by: 'ops@example.com', targets: ['sub*'], version: 1 }]);
  expect(inForce).toMatchObject({ open: [{ kind: 'window', id: 'patches' }], version: 1 });
  expect((await windows.plannedTimes(END - 1, END + 1)).map(({ kind, subjects }) => [kind, subjects])).toEqual([
    ['mute', null],
    ['window', ['submission']],
  ]);
});

test('pending alerts of a target and of a round trip', async () => {
  const judgement = await openHistory(table).judgement('mx2');
  expect(judgement).toMatchObject({
    verdict: 'down',
    owed: [{ kind: 'down', causes: ['host:mx1.example.com', 'network:198.51.100.0/24'] }],
  });
  const trip = await openTripStore(table).verdict('out');
  expect(trip).toMatchObject({ alerts: 1, owed: [{ kind: 'trip', trip: { findings: [{ code: 'trip-lost' }] } }] });
  expect(trip?.owed[0]?.posture).toEqual(trip?.owed[0]?.trip);
});
