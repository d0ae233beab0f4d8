import { expect, test } from 'vitest';
import { alertAt } from '../alert/delivery/deliveries.ts';
import { openWorld } from './world.ts';

const bad: readonly object[] = [
  { alert: null, state: 'pending', made: 1 },
  { alert: { id: 'x' }, state: 'pending', made: 1 },
  { state: 'pending' },
  { alert: alertAt(0, 'down', 'mx1'), state: 'pending', made: 'soon' },
];

test.each(bad)('a delivery that cannot be read is skipped, and the others are delivered: %j', async (attributes) => {
  const world = openWorld([]);
  await world.table.put({ pk: 'delivery#terminal', sk: '2026-11-22T04:00:00Z#x', version: 1, ...attributes });
  await world.put('mx1', alertAt(0, 'down', 'mx1'));
  await world.handOver('judge');
  await world.deliveries.mark('terminal', ' ');
  expect(await world.deliver('terminal')).toBeNull();
  expect(world.sent.map(({ alert }) => alert.subject)).toEqual(['mx1']);
});

test.each([
  { oldest: 7 },
  { version: 'x' },
  { version: { a: 1 } },
  { lease: 'mine' },
  { next: 'soon' },
  { lastTry: 'yesterday', lease: null },
])('a channel that cannot be read is written anew, and its deliveries are sent: %j', async (attributes) => {
  const world = openWorld([]);
  await world.deliveries.make('terminal', alertAt(0, 'down', 'mx1'));
  await world.table.put({ pk: 'channels', sk: 'terminal', version: 3, ...attributes });
  expect((await world.deliveries.channels()).map(({ oldest }) => oldest)).toEqual([' ']);
  expect(await world.deliver('terminal')).toBeNull();
  expect(world.sent).toHaveLength(1);
  expect((await world.deliveries.channels()).map(({ oldest }) => oldest)).toEqual([null]);
});

test('a repeated delivery of an alert that was taken is not made again', async () => {
  const world = openWorld([]);
  await world.deliveries.make('terminal', alertAt(0, 'down', 'mx1'));
  await world.deliveries.mark('terminal', ' ');
  await world.deliver('terminal');
  await world.deliveries.make('terminal', alertAt(0, 'down', 'mx1'));
  await world.deliveries.mark('terminal', ' ');
  await world.deliver('terminal');
  expect(world.sent).toHaveLength(1);
});

test('more deliveries than are read at once end all the same', async () => {
  const world = openWorld([]);
  for (let at = 0; at < 700; at += 1) await world.deliveries.make('terminal', alertAt(at % 60, 'down', `t${at}`));
  await world.deliveries.mark('terminal', ' ');
  expect(await world.deliver('terminal')).toBeNull();
  const counted = world.sent.reduce((sum, { alert }) => sum + (alert.digest?.count ?? 1), 0);
  expect([counted, world.sent.length]).toEqual([700, 3]);
});
