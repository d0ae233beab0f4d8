import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { awsChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import type { Channel } from '../../lambda/config/channel.ts';
import { answerTestRequest } from '../../lambda/deliver/answer-test-request.ts';
import { carriedBy, carrierOf, deliverNamed } from '../../lambda/deliver/deliver-named-channels.ts';
import { alertAt, minute, start } from '../alert/delivery/deliveries.ts';
import { openWorld } from './world.ts';

const when = ['down', 'recovered', 'blind'] as const;
const pager: Channel = { kind: 'pagerduty', routingKey: { secret: 'a' }, url: 'https://events.pagerduty.com', when };
const webhook: Channel = { kind: 'webhook', url: 'https://hooks.example.com/a', when };
const open = () => openWorld([], [webhook, pager]);
const [, , pagerId = ''] = awsChannels({ notify: [webhook, pager] }).map(({ id }) => id);

const named = (channel: string) => ({ Records: [{ body: JSON.stringify({ detail: { channel } }) }] });

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

test('each channel has one carrier', () => {
  expect(open().channels.map((channel) => [channel.kind, carrierOf(channel)])).toEqual([
    ['topic', 'deliver'],
    ['webhook', 'deliver'],
    ['service', 'notify'],
  ]);
});

test('both functions hear of every channel, as while a deployment changes the rules: each alert is sent once', async () => {
  const world = open();
  await world.put('mx1', alertAt(0, 'down', 'mx1'));
  await world.handOver('judge');
  for (const { id } of world.channels) {
    const both = (['deliver', 'notify'] as const).map((carrier) =>
      deliverNamed(world.deliverPorts(), named(id), carrier),
    );
    await Promise.all(both);
  }
  expect(world.sent.map(({ channel }) => channel).sort()).toEqual(world.channels.map(({ id }) => id).sort());
});

test('two of one function at once, by the lease: each alert is sent once', async () => {
  const world = open();
  await world.put('mx1', alertAt(0, 'down', 'mx1'), alertAt(1, 'update', 'mx1'));
  await world.handOver('judge');
  await Promise.all([1, 2, 3].map(() => deliverNamed(world.deliverPorts(), named(pagerId), 'notify')));
  expect(world.sent.map(({ alert }) => alert.kind)).toEqual(['down', 'update']);
});

test.each(['deliver', 'notify'] as const)(
  '%s gives up what is pending on a channel that was removed',
  async (carrier) => {
    const world = open();
    await world.put('mx1', alertAt(0, 'down', 'mx1'));
    await world.handOver('judge');
    const ports = world.deliverPorts();
    const channels = ports.channels.filter(({ kind }) => kind !== 'service');
    await deliverNamed({ ...ports, channels }, named(pagerId), carrier);
    expect(world.sent).toEqual([]);
    expect(await world.deliveries.pending(pagerId, ' ')).toEqual([]);
  },
);

test('a service that is dead is told on the others', async () => {
  const world = open();
  await world.put('mx1', alertAt(0, 'down', 'mx1'));
  await world.handOver('judge');
  world.replies.set(pagerId, () => ({ taken: false, words: 'HTTP 500', retryAfter: null }));
  for (let minutes = 0; minutes < 40; minutes += 1) {
    world.now = start + minutes * minute;
    for (const { id } of world.channels) await world.deliver(id);
  }
  const told = world.sent.filter(({ alert }) => alert.kind === 'undelivered');
  expect(told.map(({ channel }) => channel).sort()).toEqual(['topic', world.channels[1]?.id]);
  expect(told[0]?.alert.subject).toBe(pagerId);
});

test('PagerDuty gets twenty alerts one by one, and the webhook a digest', async () => {
  const world = open();
  for (let nth = 0; nth < 20; nth += 1) await world.put(`mx${nth}`, alertAt(0, 'down', `mx${nth}`));
  await world.handOver('judge');
  for (const { id } of world.channels) await world.deliver(id, start + minute);
  const kinds = (of: string) => world.sent.filter(({ channel }) => channel === of).map(({ alert }) => alert.kind);
  expect(kinds(pagerId)).toEqual(Array.from({ length: 20 }, () => 'down'));
  expect(kinds(world.channels[1]?.id ?? '')).toEqual(['digest']);
});

test('a test alert goes to the channels of the function that is asked', async () => {
  const world = open();
  const asked = async (carrier: 'deliver' | 'notify') =>
    await answerTestRequest(
      carriedBy(world.deliverPorts(), carrier),
      { testAlert: { id: 'x', channel: null } },
      async () => [],
    );
  expect((await asked('deliver')).channels).toEqual(world.channels.slice(0, 2).map(({ id }) => id));
  expect((await asked('notify')).results).toMatchObject([{ channel: pagerId, taken: true }]);
});
