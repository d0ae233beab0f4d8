import { expect, test } from 'vitest';
import { alertAt, minute, start } from '../alert/delivery/deliveries.ts';
import { hooks, Killed, openWorld } from './world.ts';

const refused = (words = 'HTTP 500', retryAfter: number | null = null) =>
  ({ taken: false, words, retryAfter }) as const;
const hour = 60 * minute;

test('each alert is delivered once on each channel, in order, and nothing is left', async () => {
  const world = openWorld();
  await world.put('mx1', alertAt(0, 'down', 'mx1'), alertAt(1, 'update', 'mx1'));
  expect(await world.handOver('judge')).toBe(2);
  expect(world.events).toEqual(['Delivery Due', 'Delivery Due', 'Delivery Due', 'Target Down']);
  for (const { id } of world.channels) expect(await world.deliver(id)).toBeNull();
  const perChannel = world.channels.map(({ id }) => world.sent.filter(({ channel }) => channel === id));
  for (const sent of perChannel) expect(sent.map(({ alert }) => alert.kind)).toEqual(['down', 'update']);
  for (const { id } of world.channels) expect(await world.deliveries.pending(id, ' ')).toEqual([]);
  expect((await world.deliveries.channels()).map(({ oldest, lease }) => [oldest, lease])).toEqual([
    [null, null],
    [null, null],
    [null, null],
  ]);
  expect((await world.history.judgement('mx1'))?.owed).toEqual([]);
});

test('two deliver at once: only one sends', async () => {
  const world = openWorld([]);
  await world.put('mx1', alertAt(0, 'down', 'mx1'));
  await world.handOver('judge');
  await Promise.all([world.deliver('terminal'), world.deliver('terminal'), world.deliver('terminal')]);
  expect(world.sent).toHaveLength(1);
});

test.each([
  { wait: 45_000, sent: 1, ends: start + 30_000, why: 'within the shift: it is waited for' },
  { wait: 20_000, sent: 0, ends: start, why: 'after the shift: the next shift delivers' },
])('the lease of a killed process ends $why', async ({ wait, sent, ends }) => {
  const world = openWorld([]);
  await world.put('mx1', alertAt(0, 'down', 'mx1'));
  await world.handOver('judge');
  await world.deliveries.change('terminal', (stored) => ({
    ...stored,
    lease: { by: 'killed', until: start + 30_000 },
  }));
  expect(await world.deliver('terminal', start + wait)).toBeNull();
  expect([world.sent.length, world.now]).toEqual([sent, ends]);
});

test('an alert that is made while another is sent is sent in the same turn', async () => {
  const world = openWorld([]);
  await world.put('mx1', alertAt(0, 'down', 'mx1'));
  await world.handOver('judge');
  let later: Promise<unknown> | undefined;
  world.replies.set('terminal', () => {
    later ??= world.put('mx2', alertAt(-1, 'down', 'mx2')).then(() => world.handOver('other'));
    return { taken: true };
  });
  await world.deliver('terminal');
  await later;
  await world.deliver('terminal');
  expect(world.sent.map(({ alert }) => alert.subject)).toEqual(['mx1', 'mx2']);
});

test('a refused alert is tried again after its wait, and the others wait behind it', async () => {
  const world = openWorld([]);
  await world.put('mx1', alertAt(0, 'down', 'mx1'), alertAt(1, 'update', 'mx1'));
  await world.handOver('judge');
  world.replies.set('terminal', () => refused('HTTP 503', 30_000));
  expect(await world.deliver('terminal')).toBe(start + 30_000);
  expect(await world.deliver('terminal')).toBe(start + 30_000);
  world.replies.clear();
  world.now = start + 30_000;
  expect(await world.deliver('terminal')).toBeNull();
  expect(world.sent.map(({ alert }) => alert.kind)).toEqual(['down', 'update']);
});

test('within one turn, short waits are waited for', async () => {
  const world = openWorld([]);
  await world.put('mx1', alertAt(0, 'down', 'mx1'));
  await world.handOver('judge');
  let attempts = 0;
  world.replies.set('terminal', () => {
    attempts += 1;
    return attempts < 3 ? refused() : { taken: true };
  });
  expect(await world.deliver('terminal', start + 45_000)).toBeNull();
  expect([attempts, world.sent.length]).toEqual([3, 1]);
});

test('after a day the delivery is given up, the others are told, and the next alert is tried', async () => {
  const world = openWorld();
  const [, a, b] = world.channels.map(({ id }) => id) as [string, string, string];
  await world.put('mx1', alertAt(0, 'down', 'mx1'));
  await world.handOver('judge');
  world.replies.set(a, () => refused('HTTP 404'));
  for (let due: number | null = start; due !== null && world.now < start + 30 * hour; due = await world.deliver(a)) {
    world.now = Math.max(due, world.now + 1);
    await world.deliver(b);
  }
  expect(await world.deliveries.pending(a, ' ')).toEqual([]);
  expect(world.now - start).toBeGreaterThan(24 * hour);
  await world.deliver(b);
  const told = world.sent.filter(({ channel }) => channel === b).map(({ alert }) => [alert.kind, alert.reason]);
  expect(told.map(([kind]) => kind)).toEqual(['down', 'undelivered', 'undelivered']);
  expect(told[1]?.[1]).toBe('3 failed attempts, the last: HTTP 404');
  expect(told[2]?.[1]).toContain('gave up 1 undelivered: down mx1');
  expect(world.sent.filter(({ channel }) => channel === a)).toEqual([]);

  await world.put('mx2', alertAt(32 * 60, 'down', 'mx2'));
  world.now = start + 32 * hour;
  await world.handOver('other');
  world.replies.clear();
  await world.deliver(a);
  expect(world.sent.filter(({ channel }) => channel === a).map(({ alert }) => alert.subject)).toEqual(['mx2']);
});

test('the deliveries of a channel that left the config are given up, and the others are told', async () => {
  const world = openWorld();
  const gone = 'webhook:https://old.example.com#0a1b2c3d';
  await world.deliveries.make(gone, alertAt(0, 'down', 'mx1'));
  await world.deliveries.mark(gone, '2026-11-22T05:00:00Z');
  expect(await world.deliver(gone)).toBeNull();
  for (const { id } of world.channels) await world.deliver(id);
  expect(world.sent.map(({ alert }) => [alert.kind, alert.subject])).toEqual([
    ['undelivered', gone],
    ['undelivered', gone],
    ['undelivered', gone],
  ]);
  expect(await world.deliveries.pending(gone, ' ')).toEqual([]);
});

test('a table from a backup: the old DOWN waits for the judge, then one message says both', async () => {
  const world = openWorld([]);
  await world.put('mx1', alertAt(0, 'down', 'mx1'));
  await world.handOver('judge');
  world.now = start + 24 * hour;
  expect(await world.deliver('terminal')).toBe(world.now + 4 * minute);
  world.now += 2 * minute;
  await world.put('mx1', alertAt(24 * 60 + 2, 'recovered', 'mx1'));
  await world.handOver('other');
  expect(await world.deliver('terminal')).toBeNull();
  expect(world.sent.map(({ alert }) => alert.kind)).toEqual(['recovered']);
});

test.each([true, false])(
  'a process may end at any call (before it: %s): nothing is lost, and repeated under the same id at most once',
  async (killsBefore) => {
    let calls = 0;
    for (let killAfter = 1; ; killAfter += 1) {
      const world = openWorld([...hooks]);
      const [terminal, a] = world.channels.map(({ id }) => id) as [string, string];
      let attempts = 0;
      world.replies.set(a, () => {
        attempts += 1;
        return attempts < 4 ? refused() : { taken: true };
      });
      await world.put('mx1', alertAt(0, 'down', 'mx1'), alertAt(1, 'update', 'mx1'));
      await world.put('mx2', alertAt(1, 'down', 'mx2'));
      Object.assign(world, { killAfter, killsBefore });
      const run = async (by: string) => {
        await world.handOver(by);
        for (const { id } of world.channels) await world.deliver(id, world.now + 45_000);
      };
      const ended = await run('first').then(
        () => true,
        (error) => {
          if (!(error instanceof Killed)) throw error;
          return false;
        },
      );
      // `handOver` goes on after an error of one judgement; a killed process does not.
      const wasKilled = !ended || world.killAfter <= 0;
      world.killAfter = Number.POSITIVE_INFINITY;
      for (let pass = 1; pass <= 8; pass += 1) {
        world.now += minute;
        await run(`pass ${pass}`);
      }
      for (const channel of world.channels.map(({ id }) => id)) {
        const sent = world.sent.filter((one) => one.channel === channel && one.alert.kind !== 'undelivered');
        const firsts = [...new Set(sent.map(({ alert }) => `${alert.kind} ${alert.subject}`))];
        expect([channel, firsts.toSorted()]).toEqual([channel, ['down mx1', 'down mx2', 'update mx1']]);
        expect(firsts.indexOf('down mx1')).toBeLessThan(firsts.indexOf('update mx1'));
        expect(sent.length).toBeLessThanOrEqual(3 + (wasKilled ? 1 : 0));
      }
      const reports = world.sent.filter(({ alert, channel }) => alert.kind === 'undelivered' && channel === terminal);
      expect(new Set(reports.map(({ id }) => id)).size).toBeLessThanOrEqual(2);
      calls = killAfter;
      if (!wasKilled) break;
    }
    expect(calls).toBeGreaterThan(40);
  },
);
