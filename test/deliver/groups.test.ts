import { expect, test } from 'vitest';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { causedAt } from '../alert/delivery/channel-run.ts';
import { minute, start } from '../alert/delivery/deliveries.ts';
import { hooks, Killed, openWorld } from './world.ts';

const X = ['address:192.0.2.7'];
const down = (seconds: number, id: string, causes: readonly string[] = X): Alert =>
  causedAt(seconds, 'down', id, causes);
const [hook] = hooks;
const told = (world: ReturnType<typeof openWorld>, channel: string) =>
  world.sent
    .filter((one) => one.channel === channel)
    .map(({ at, alert }) => [(at - start) / 1000, alert.kind, alert.digest?.group?.open ?? alert.subject]);

test('while a channel waits for a group, nobody has its lease, and another page is sent at once', async () => {
  const world = openWorld([hook ?? '']);
  const [, { id } = { id: '' }] = world.channels;
  const decide = async (seconds: number, alert: Alert) => {
    world.now = start + seconds * 1000;
    await world.put(alert.subject, alert);
    await world.handOver(`judge ${seconds}`);
    return await world.deliver(id, world.now + 45_000);
  };
  expect(await decide(0, down(0, 'mx1'))).toBeNull();
  expect(await decide(20, down(20, 'mx2'))).toBe(start + 90_000);
  const [state] = (await world.deliveries.channels()).filter(({ channel }) => channel === id);
  expect([state?.lease, state?.oldest?.slice(0, 20)]).toEqual([null, '2026-11-22T05:00:20Z']);
  expect(await decide(30, down(30, 'other', ['address:198.51.100.1']))).toBe(start + 90_000);
  world.now = start + 90_000;
  expect(await world.deliver(id)).toBeNull();
  expect(told(world, id)).toEqual([
    [0, 'down', 'mx1'],
    [30, 'down', 'other'],
    [90, 'digest', 2],
  ]);
});

test('a process that ends with the count of a message stored sends no message above the limit', async () => {
  const world = openWorld([hook ?? '']);
  Object.assign(world.config, { notify: world.config.notify.map((entry) => ({ ...entry, limit: 3, group: false })) });
  const [, { id } = { id: '' }] = world.channels;
  for (const name of ['a', 'b', 'c', 'd', 'e']) await world.put(name, down(0, name));
  await world.handOver('judge');
  for (let round = 0; round < 40; round += 1) {
    Object.assign(world, { killAfter: 1 + (round % 9), killsBefore: round % 2 === 0 });
    await world.deliver(id, world.now).catch((error) => {
      if (!(error instanceof Killed)) throw error;
    });
    world.killAfter = Number.POSITIVE_INFINITY;
    world.now += minute;
  }
  expect(world.sent.filter(({ channel }) => channel === id).length).toBeLessThanOrEqual(3);
  world.now += 60 * minute;
  for (let pass = 0; pass < 5; pass += 1) {
    await world.deliver(id, world.now);
    world.now += 5 * minute;
  }
  expect(await world.deliveries.pending(id, ' ')).toEqual([]);
});

test('a message that was refused is not counted', async () => {
  const world = openWorld([hook ?? '']);
  Object.assign(world.config, { notify: world.config.notify.map((entry) => ({ ...entry, limit: 1 })) });
  const [, { id } = { id: '' }] = world.channels;
  await world.put('mx1', down(0, 'mx1'));
  await world.handOver('judge');
  world.replies.set(id, () => ({ taken: false, words: 'HTTP 503', retryAfter: 1_000 }));
  await world.deliver(id);
  world.replies.clear();
  world.now += minute;
  expect(await world.deliver(id)).toBeNull();
  expect(world.sent.filter(({ channel }) => channel === id)).toHaveLength(1);
});

test.each([true, false])(
  'a process may end at any call of a storm (before it: %s): nothing is lost, and little is told twice',
  async (killsBefore) => {
    for (let killAfter = 1; ; killAfter += 3) {
      const world = openWorld([hook ?? '']);
      const [, { id } = { id: '' }] = world.channels;
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
      let wasKilled = false;
      const pass = async (by: string) => {
        try {
          await world.handOver(by);
          await world.deliver(id, world.now);
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
        }
        wasKilled ||= world.killAfter <= 0;
        if (wasKilled) world.killAfter = Number.POSITIVE_INFINITY;
      };
      for (const name of names.slice(0, 3)) await world.put(name, down(0, name));
      Object.assign(world, { killAfter, killsBefore });
      await pass('first');
      world.now = start + 20_000;
      for (const name of names.slice(3))
        await world.history.judgement(name).then(() => world.put(name, down(20, name)));
      for (let round = 1; round <= 8; round += 1) {
        await pass(`pass ${round}`);
        world.now += minute;
      }
      const ids = new Set(
        world.sent.flatMap(({ channel, alert }) => (channel === id ? (alert.digest?.ids ?? [alert.id]) : [])),
      );
      expect([killAfter, ids.size]).toEqual([killAfter, names.length]);
      expect(world.sent.filter(({ channel }) => channel === id).length).toBeLessThanOrEqual(wasKilled ? 4 : 2);
      if (!wasKilled) break;
    }
  },
);

test('what a receiver above its limit missed is not forgotten when its message is refused', async () => {
  const sms = { kind: 'sms', number: '+15555550100', when: ['down', 'recovered'], limit: 1 } as const;
  const world = openWorld([], [sms]);
  const over = { ...down(60, 'mx1'), id: 'mx1#2-recovered', kind: 'recovered', is: 'up' } as const;
  await world.put('mx1', down(0, 'mx1'), over);
  await world.handOver('judge');
  world.now = start + 2 * minute;
  await world.deliver('topic', world.now + minute);
  world.now = start + 70 * minute;
  world.replies.set('topic', () => ({ taken: false, words: 'Throttled', retryAfter: 60_000 }));
  await world.deliver('topic');
  await world.deliver('topic');
  const [state] = (await world.deliveries.channels()).filter(({ channel }) => channel === 'topic');
  expect(state?.oldest).not.toBeNull();
  world.replies.clear();
  world.now += 2 * minute;
  await world.deliver('topic');
  expect(world.sent.at(-1)?.alert).toMatchObject({ kind: 'digest', digest: { count: 1 } });
});
