import { expect, test } from 'vitest';
import { channelLabels } from '../../../bin/alerts/channel-ids-and-labels.ts';
import { receiverId } from '../../../lambda/alert/channels/channel-ids.ts';
import type { Channel } from '../../../lambda/config/channel.ts';

const when = ['down'] as const;
const teams: Channel = { kind: 'teams', url: { secret: 'alerts/teams' }, when };
const mail: Channel = { kind: 'email', address: 'ops@example.com', when };

test.each<[string, readonly Channel[], string, string]>([
  [
    'a hash, with the ids of its entries',
    [
      { ...teams, id: 'night' },
      { ...teams, id: 'boss' },
    ],
    receiverId(teams),
    `${receiverId(teams)} (night, boss)`,
  ],
  ['an address, with the id of its entry', [{ ...mail, id: 'ops' }], receiverId(mail), 'email ops@example.com (ops)'],
  ['without an id', [teams, mail], receiverId(mail), 'email ops@example.com'],
  ['what the config does not have', [], 'topic', 'topic'],
])('%s', (_, notify, id, label) => {
  expect(channelLabels({ notify })(id)).toBe(label);
});
