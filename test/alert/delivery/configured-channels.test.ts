import { expect, test } from 'vitest';
import { subscriberId, webhookId, withoutSecrets } from '../../../lambda/alert/channels/channel-ids.ts';
import { awsChannels, channelWants, localChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import type { AlertTopic } from '../../../lambda/config/schema/selectable-alert-kinds.ts';
import { alertAt } from './deliveries.ts';

const webhook = (url: string, ...when: AlertTopic[]) => ({ kind: 'webhook', url, when }) as const;
const email = { kind: 'email', address: 'ops@example.com', when: ['down'] } as const;

test('a webhook has an id of its own that contains no more of its URL than the origin', () => {
  const notify = [webhook('https://user:word@hooks.example.com/secret?token=1', 'down'), email];
  const [topic, hook, ...others] = awsChannels({ notify });
  expect(topic?.id).toBe('topic');
  expect(hook?.id).toMatch(/^webhook:https:\/\/hooks\.example\.com#[0-9a-f]{8}$/);
  expect(others).toEqual([]);
  expect(localChannels({ notify }).map(({ id }) => id)).toEqual(['terminal', hook?.id]);
});

test('two entries of one URL are one channel, which wants what either wants', () => {
  const url = 'https://hooks.example.com/a';
  const channels = localChannels({ notify: [webhook(url, 'down'), webhook(url, 'recovered', 'down')] });
  expect(channels).toHaveLength(2);
  expect(channels[1]?.when).toEqual(['down', 'recovered']);
});

test('other paths of one host are other channels', () => {
  const notify = [webhook('https://hooks.example.com/a', 'down'), webhook('https://hooks.example.com/b', 'down')];
  expect(new Set(localChannels({ notify }).map(({ id }) => id)).size).toBe(3);
});

test('the id of a subscriber hides the address', () => {
  expect(subscriberId(email)).toMatch(/^email:[0-9a-f]{8}$/);
  expect(subscriberId({ kind: 'sms', number: '+15555550100' })).toMatch(/^sms:[0-9a-f]{8}$/);
});

test('a channel wants the topics of its `when`', () => {
  const [terminal, hook] = localChannels({ notify: [webhook('https://hooks.example.com/a', 'down')] });
  const wants = (kind: 'down' | 'recovered') =>
    [terminal, hook].map((channel) => channel && channelWants(channel, alertAt(0, kind, 'a')));
  expect(wants('down')).toEqual([true, true]);
  expect(wants('recovered')).toEqual([true, false]);
});

test('who has no more of the URL than its origin and a hash still names the same channel', () => {
  const url = 'https://user:word@hooks.example.com:8443/secret?token=1#part';
  expect(withoutSecrets(url)).toMatch(/^https:\/\/hooks\.example\.com:8443\/#[0-9a-f]{8}$/);
  expect(webhookId(withoutSecrets(url))).toBe(webhookId(url));
  expect(withoutSecrets(withoutSecrets(url))).toBe(withoutSecrets(url));
  expect(webhookId('https://hooks.example.com/')).not.toBe(webhookId('https://hooks.example.com/a'));
});
