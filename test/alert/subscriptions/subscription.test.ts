import { expect, test } from 'vitest';
import { subscriberId } from '../../../lambda/alert/channels/channel-ids.ts';
import { namedStatuses, type Subscription, statusOfArn } from '../../../lambda/alert/subscriptions/subscription.ts';
import type { Channel } from '../../../lambda/config/channel.ts';

const ops: Channel = { kind: 'email', address: 'ops@example.com', when: ['down'] };
const phone: Channel = { kind: 'sms', number: '+15555550100', when: ['down'] };
const webhook: Channel = { kind: 'webhook', url: 'https://hooks.example.com/a', when: ['down'] };
const mail = (status: Subscription['status'], endpoint = 'ops@example.com', protocol = 'email'): Subscription => ({
  protocol,
  endpoint,
  status,
});

test.each([
  ['arn:aws:sns:us-east-1:123456789012:alerts:1', 'confirmed'],
  ['arn:aws-cn:sns:cn-north-1:123456789012:alerts:1', 'confirmed'],
  ['PendingConfirmation', 'pending'],
  ['pending confirmation', 'pending'],
  ['Deleted', 'deleted'],
])('%s in place of an ARN: %s', (arn, status) => {
  expect(statusOfArn(arn)).toBe(status);
});

test.each<[string, Subscription[], string]>([
  ['not listed', [], 'missing'],
  ['confirmed', [mail('confirmed')], 'confirmed'],
  ['as JSON', [mail('confirmed', 'ops@example.com', 'email-json')], 'confirmed'],
  ['pending', [mail('pending')], 'pending'],
  ['deleted', [mail('deleted')], 'missing'],
  ['deleted, and subscribed again', [mail('deleted'), mail('pending')], 'pending'],
  ['subscribed twice', [mail('pending'), mail('confirmed')], 'confirmed'],
  ['another address', [mail('confirmed', 'dev@example.com')], 'missing'],
  ['the address, of another protocol', [mail('confirmed', 'ops@example.com', 'lambda')], 'missing'],
])('the status of an address that is %s', (_, found, status) => {
  expect([...namedStatuses({ notify: [ops] }, found)]).toEqual([[subscriberId(ops), status]]);
  // As the deployed config names it.
  const nameless: Channel = { ...ops, address: subscriberId(ops) };
  expect([...namedStatuses({ notify: [nameless] }, found)]).toEqual([[subscriberId(ops), status]]);
});

test('numbers are subscriptions, webhooks are not, and an address that is named twice is one', () => {
  const statuses = namedStatuses({ notify: [ops, phone, webhook, { ...ops, when: ['blind'] }] }, [
    { protocol: 'sms', endpoint: '+15555550100', status: 'confirmed' },
  ]);
  expect([...statuses]).toEqual([
    [subscriberId(ops), 'missing'],
    [subscriberId(phone), 'confirmed'],
  ]);
});
