/** What a judge does with pending alerts, also with those of the previous release. */
import { expect, test } from 'vitest';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { leaseLength } from '../../lambda/judge/hand-over-alerts.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { alertAt, start } from '../alert/delivery/deliveries.ts';
import { openWorld } from '../deliver/world.ts';

const alerts = (count: number) => Array.from({ length: count }, (_, at) => alertAt(at, 'down', 'mx1', at));

/** Stores an item as the previous release wrote it: nothing bounded what was pending. */
async function storeOld(world: ReturnType<typeof openWorld>, owed: readonly Alert[], lease: object | null = null) {
  const judgement = { target: 'mx1', verdict: 'up', since: '2026-11-22T05:00:00Z', incident: null, owed };
  await world.table.put({ ...judgement, pk: 'verdicts', sk: 'mx1', version: 7, lease, written: 'a1b2c3d4' });
}

test('pending alerts of the previous release are delivered', async () => {
  const world = openWorld();
  await storeOld(world, alerts(3));
  await judge(world.judgePorts());
  for (const { id } of world.channels) await world.deliver(id);
  const [first] = world.channels;
  expect(world.sent.filter(({ channel }) => channel === first?.id)).toHaveLength(3);
  expect((await world.history.judgement('mx1'))?.owed).toEqual([]);
});

test('an old judge that still sends its alerts is left alone until its lease has expired', async () => {
  const world = openWorld();
  await storeOld(world, alerts(2), { by: 'old', until: start + leaseLength });
  await judge(world.judgePorts());
  expect((await world.history.judgement('mx1'))?.owed).toHaveLength(2);
  for (const { id } of world.channels) expect(await world.deliver(id)).toBeNull();
  world.now = start + leaseLength + 1;
  await judge(world.judgePorts());
  for (const { id } of world.channels) await world.deliver(id);
  expect(world.sent).toHaveLength(2 * world.channels.length);
});

test('deliveries that the new judge made before there is a deliverer wait in the table', async () => {
  const world = openWorld([]);
  await storeOld(world, alerts(1));
  await judge(world.judgePorts());
  world.events.length = 0;
  world.now += 60_000;
  await judge(world.judgePorts(), false);
  expect(world.events).toEqual(['Delivery Due']);
  await world.deliver('terminal');
  expect(world.sent).toHaveLength(1);
  world.now += 60_000;
  const { owedFor } = await judge(world.judgePorts(), false);
  expect([world.events.length, owedFor]).toEqual([1, 0]);
});

test('the age of the oldest undelivered alert counts what the channels have not taken', async () => {
  const world = openWorld([]);
  await storeOld(world, alerts(1));
  await judge(world.judgePorts());
  world.now += 200_000;
  expect((await judge(world.judgePorts(), false)).owedFor).toBe(200);
});

test('590 pending alerts are handed over, those above the bound as a digest that counts them', async () => {
  const world = openWorld([]);
  await storeOld(world, alerts(590));
  await judge(world.judgePorts());
  const pending = await world.deliveries.pending('terminal', ' ');
  const counted = pending.reduce((sum, { alert }) => sum + (alert.digest?.count ?? 1), 0);
  expect([pending.length, counted]).toEqual([20, 590]);
  expect((await world.history.judgement('mx1'))?.owed).toEqual([]);
});

test('a channel whose deliveries cannot be made keeps the alert pending, and the next judge makes them', async () => {
  const world = openWorld();
  await storeOld(world, alerts(1));
  const ports = world.judgePorts();
  const refusing = async () => Promise.reject(new Error('ThrottlingException'));
  const report = await judge({ ...ports, deliveries: { ...ports.deliveries, mark: refusing } });
  expect(report.failed.length).toBeGreaterThan(0);
  expect((await world.history.judgement('mx1'))?.owed).toHaveLength(1);
  world.now += leaseLength + 1;
  await judge(world.judgePorts());
  for (const { id } of world.channels) await world.deliver(id);
  expect(world.sent.map(({ channel }) => channel)).toEqual(world.channels.map(({ id }) => id));
});
