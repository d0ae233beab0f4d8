import { expect, test } from 'vitest';
import { receiverId } from '../../../lambda/alert/channels/channel-ids.ts';
import { publishAlert } from '../../../lambda/alert/channels/sns.ts';
import { awsChannels, localChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import { addressReport } from '../../../lambda/alert/delivery/receivers-of-channel-failure-alerts.ts';
import type { Channel } from '../../../lambda/config/channel.ts';
import type { AlertTopic } from '../../../lambda/config/schema/selectable-alert-kinds.ts';
import { context } from '../alerts.ts';
import { alertAt } from './deliveries.ts';

const webhook = (path: string, ...when: AlertTopic[]): Channel => ({
  kind: 'webhook',
  url: `https://hooks.example.com/${path}`,
  when,
});
const email = (name: string, ...when: AlertTopic[]): Channel => ({
  kind: 'email',
  address: `${name}@example.com`,
  when,
});
const idOf = (channel: Channel) => receiverId(channel);
const report = { ...alertAt(0, 'undelivered', 'x', null), is: 'unknown' } as const;

test.each<{ what: string; notify: Channel[]; failing: Channel; told: (Channel | 'topic')[]; toAll: boolean }>([
  {
    what: 'a webhook that wants news of the monitor',
    notify: [webhook('a', 'down'), webhook('b', 'blind'), webhook('c', 'down')],
    failing: webhook('a'),
    told: ['topic', webhook('b')],
    toAll: false,
  },
  {
    what: 'all, if nobody else wants it',
    notify: [webhook('a', 'down'), webhook('b', 'blind'), webhook('c', 'down')],
    failing: webhook('b'),
    told: ['topic', webhook('a'), webhook('c')],
    toAll: true,
  },
  {
    what: 'a subscription that wants it, through the topic',
    notify: [webhook('a', 'down'), webhook('b', 'down'), email('ops', 'blind')],
    failing: webhook('a'),
    told: ['topic'],
    toAll: false,
  },
  {
    what: 'a subscription that does not want it, if nobody does: SNS would discard the report',
    notify: [webhook('a', 'down'), email('ops', 'down', 'recovered')],
    failing: webhook('a'),
    told: ['topic'],
    toAll: true,
  },
  {
    what: 'nobody whose entry is for other severities, or for some targets',
    notify: [
      webhook('a', 'down'),
      webhook('b', 'blind'),
      { ...webhook('c', 'down', 'blind'), severity: ['critical'] },
      { ...webhook('d', 'down', 'blind'), targets: ['mx1'] },
      { ...webhook('e', 'down', 'blind'), tags: ['edge'] },
    ],
    failing: webhook('a'),
    told: ['topic', webhook('b')],
    toAll: false,
  },
  {
    what: 'all, if the only other entries are for other severities',
    notify: [webhook('a', 'down'), { ...webhook('c', 'down', 'blind'), severity: ['critical'] }],
    failing: webhook('a'),
    told: ['topic', webhook('c')],
    toAll: true,
  },
  {
    what: 'webhooks that do not want it, if the only subscription that does is in trouble',
    notify: [webhook('a', 'down'), email('ops', 'blind')],
    failing: email('ops'),
    told: ['topic', webhook('a')],
    toAll: true,
  },
])('told of a channel in trouble on AWS: $what', async ({ notify, failing, told, toAll }) => {
  const addressed = addressReport({ channels: awsChannels({ notify }), config: { notify } }, idOf(failing), report);
  expect(addressed.channels.map(({ id }) => id)).toEqual(told.map((one) => (one === 'topic' ? one : idOf(one))));
  expect(addressed.alert.toAll === true).toBe(toAll);
  const topics = await publishedTopics(addressed.alert);
  const subscribers = notify.filter((one) => one.kind !== 'webhook' && idOf(one) !== idOf(failing));
  const heard = [...subscribers, ...addressed.channels.filter(({ kind }) => kind === 'webhook')].filter((one) => {
    return 'address' in one || 'number' in one ? one.when.some((topic) => topics.includes(topic)) : true;
  });
  expect(heard.length).toBeGreaterThan(0);
});

/** The topics that SNS compares with the filter policies. */
async function publishedTopics(alert: Parameters<typeof publishAlert>[2]): Promise<readonly string[]> {
  const values: string[] = [];
  const client = { send: async ({ input }: never) => values.push(input['MessageAttributes']['topic']['StringValue']) };
  await publishAlert(client as never, 'arn', alert, { ...context, notify: [] });
  const [value = ''] = values;
  return value.startsWith('[') ? JSON.parse(value) : [value];
}

test('subscriptions that are gone do not count, so that webhooks are told', () => {
  const [ops, dev] = [email('ops', 'blind'), email('dev', 'blind')];
  const notify = [ops, dev, webhook('a', 'down')];
  const places = { channels: awsChannels({ notify }), config: { notify } };
  expect(addressReport(places, idOf(ops), report).channels.map(({ id }) => id)).toEqual(['topic']);
  const { channels, alert } = addressReport(places, idOf(ops), report, [idOf(ops), idOf(dev)]);
  expect(channels.map(({ id }) => id)).toEqual(['topic', idOf(webhook('a'))]);
  expect(alert.toAll).toBe(true);
});

test('of the subscriptions of the topic those are named that want it', () => {
  const [ops, boss] = [email('ops', 'blind'), { ...email('boss', 'down', 'blind'), severity: ['critical'] } as Channel];
  const places = { channels: awsChannels({ notify: [ops, boss] }), config: { notify: [ops, boss] } };
  expect(addressReport(places, 'slack:C0123ABCD45', report).alert.to).toEqual(['topic', idOf(ops)]);
});

test('if the topic itself is in trouble, its subscriptions do not count', () => {
  const notify = [email('ops', 'blind'), webhook('a', 'down')];
  const { channels } = addressReport({ channels: awsChannels({ notify }), config: { notify } }, 'topic', report);
  expect(channels.map(({ id }) => id)).toEqual([idOf(webhook('a'))]);
});

test('on one machine an address without a relay does not count', () => {
  const notify = [email('ops', 'blind'), webhook('a', 'down'), webhook('b', 'down')];
  const places = { channels: localChannels({ notify }), config: { notify } };
  const { channels } = addressReport(places, idOf(webhook('a')), report);
  expect(channels.map(({ id }) => id)).toEqual(['terminal', idOf(webhook('b'))]);
});

// Monday, 05:00 to 06:00; the report is of Sunday.
const hours = { zone: 'UTC', spans: [{ days: [1], from: 300, to: 360 }] };
test.each([
  [
    'outside its hours',
    [{ ...webhook('a', 'down'), hours }],
    / \(it is outside its hours, next from 2026-11-23 05:00:00 UTC\)$/,
  ],
  ['with another entry at all hours', [{ ...webhook('a', 'down'), hours }, webhook('a', 'blind')], /^[^(]*$/],
  ['without hours', [webhook('a', 'down')], /^[^(]*$/],
  ['with an id', [{ ...webhook('a', 'down'), id: 'night' }], / \(in notify: night\)$/],
  [
    'with an id, outside its hours',
    [{ ...webhook('a', 'down'), hours, id: 'day' }],
    / \(in notify: day; it is outside its hours, next from 2026-11-23 05:00:00 UTC\)$/,
  ],
] as const)('of a channel %s it says whose it is, and when it is told something next', (_, own, reason) => {
  const notify = [...own, webhook('b', 'blind')];
  const { alert } = addressReport(
    { channels: localChannels({ notify } as never), config: { notify } },
    idOf(own[0]),
    report,
  );
  expect(alert.reason).toMatch(reason);
  const over = { ...report, is: 'up' } as const;
  expect(addressReport({ channels: [], config: { notify } }, idOf(own[0]), over).alert.reason).not.toContain('hours');
});
