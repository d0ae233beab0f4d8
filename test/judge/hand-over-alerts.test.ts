/** What a judge does with pending alerts, also with those of the previous release. */
import { expect, test } from 'vitest';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import type { Judgement } from '../../lambda/consensus/judgement/judgement-state.ts';
import { fitJudgement } from '../../lambda/history/packing/shrink-judgement-to-fit-item.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { leaseLength } from '../../lambda/judge/judgement-outbox.ts';
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

test('alerts that another judge folds while they are handed over are told once', async () => {
  const world = openWorld([]);
  await world.put('mx1', ...alerts(20));
  const ports = world.judgePorts();
  let isFolded = false;
  const folding: typeof ports = {
    ...ports,
    publishEvents: async (events) => {
      await ports.publishEvents(events);
      if (isFolded) return;
      isFolded = true;
      const { version = 0, lease = null, ...stored } = (await world.history.judgement('mx1')) ?? {};
      const owed = [...alerts(20), alertAt(20, 'down', 'mx1', 20)];
      await world.history.writeJudgement(fitJudgement({ ...(stored as Judgement), owed }), version, lease);
    },
  };
  await judge(folding, false);
  expect((await world.history.judgement('mx1'))?.owed.map(({ id }) => id)).toEqual([alertAt(20, 'down', 'mx1', 20).id]);
  world.now += leaseLength + 1;
  await judge(world.judgePorts(), false);
  await world.deliver('terminal');
  const told = world.sent.flatMap(({ alert }) => alert.digest?.ids ?? [alert.id]);
  expect(told).toHaveLength(21);
  expect(new Set(told).size).toBe(21);
});

test.each(['mark', 'make'] as const)(
  'a channel of which nothing can be stored (%s) does not hold up the others, and has its alerts later',
  async (call) => {
    const world = openWorld();
    await world.put('mx1', ...alerts(2));
    const ports = world.judgePorts();
    const [terminal = '', broken = '', other = ''] = world.channels.map(({ id }) => id);
    const failing = async (channel: string, ...rest: [never]): Promise<void> => {
      if (channel === broken) throw new Error('throttled');
      return await ports.deliveries[call](channel, ...rest);
    };
    await judge({ ...ports, deliveries: { ...ports.deliveries, [call]: failing } }, false);
    expect((await world.history.judgement('mx1'))?.owed).toHaveLength(2);
    for (const id of [terminal, other]) await world.deliver(id);
    expect(world.sent.map(({ channel }) => channel)).toEqual([terminal, terminal, other, other]);
    world.now += leaseLength + 1;
    await judge(world.judgePorts(), false);
    for (const { id } of world.channels) await world.deliver(id);
    expect(world.sent.slice(4).map(({ channel }) => channel)).toEqual([broken, broken]);
    expect((await world.history.judgement('mx1'))?.owed).toEqual([]);
  },
);
