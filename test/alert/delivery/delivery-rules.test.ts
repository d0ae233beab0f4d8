import { expect, test } from 'vitest';
import { localChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import { deliveryRules } from '../../../lambda/alert/delivery/delivery-rules.ts';
import type { AlertReceiver, Channel } from '../../../lambda/config/channel.ts';
import { alertTopics } from '../../../lambda/config/schema/selectable-alert-kinds.ts';

const key = { env: 'KEY' };

/** Messages in an hour, if the entry says nothing. PagerDuty and Jira Service Management get each incident for itself. */
const limits: readonly (readonly [AlertReceiver, number])[] = [
  [{ kind: 'webhook', url: 'https://hooks.example.com/1' }, 60],
  [{ kind: 'slack', channel: 'C0123ABCD45', token: key }, 60],
  [{ kind: 'telegram', chat: '-100123', token: key }, 60],
  [{ kind: 'pagerduty', url: 'https://events.pagerduty.com', routingKey: key }, 1_000],
  [{ kind: 'jsm', url: 'https://api.atlassian.com', apiKey: key }, 1_000],
];

test.each(limits)('%j gets %d messages an hour at most, or what its entry says', (receiver, limit) => {
  const limitWith = (rules: { readonly limit?: number }) => {
    const notify: readonly Channel[] = [{ ...receiver, ...rules, when: alertTopics }];
    const channel = localChannels({ notify }).find(({ kind }) => kind !== 'terminal');
    return channel === undefined ? null : deliveryRules(channel, { notify }).limit;
  };
  expect(limitWith({})).toBe(limit);
  expect(limitWith({ limit: 7 })).toBe(7);
});
