import { expect, test } from 'vitest';
import { receiverId } from '../../../lambda/alert/channels/channel-ids.ts';
import { entriesOf } from '../../../lambda/alert/routing/entry.ts';
import type { AlertReceiver } from '../../../lambda/config/channel.ts';
import { distinctAddresses } from '../../../lib/monitoring/operators-topic.ts';

const email = (address: string): AlertReceiver => ({ kind: 'email', address });
const webhook = (url: string): AlertReceiver => ({ kind: 'webhook', url });
const ntfy = (url: string): AlertReceiver => ({ kind: 'ntfy', url });

test.each([
  ['an address, whose domain has no case', email('ops@EXAMPLE.com'), email('ops@example.com'), true],
  ['an address, whose local part has', email('Ops@example.com'), email('ops@example.com'), false],
  ['a quoted local part with a sign', email('"A@B"@EXAMPLE.com'), email('"A@B"@example.com'), true],
  ['a quoted local part of another case', email('"A@B"@example.com'), email('"a@b"@example.com'), false],
  [
    'a URL, whose host has no case',
    webhook('HTTPS://Hooks.Example.com/a'),
    webhook('https://hooks.example.com/a'),
    true,
  ],
  ['a URL, whose path has', webhook('https://hooks.example.com/A'), webhook('https://hooks.example.com/a'), false],
  ['a URL, whose query has', webhook('https://hooks.example.com?A'), webhook('https://hooks.example.com?a'), false],
  [
    'a URL, whose password has',
    webhook('https://o:P@hooks.example.com/'),
    webhook('https://o:p@hooks.example.com/'),
    false,
  ],
  ['a topic of ntfy', ntfy('https://NTFY.example.com/ops'), ntfy('https://ntfy.example.com/ops'), true],
] as const)('%s: one receiver', (_, one, other, isSame) => {
  expect(receiverId(one) === receiverId(other)).toBe(isSame);
});

test('an address of two entries is one receiver, and told once', () => {
  const when = ['down'] as const;
  const notify = [
    { ...email('ops@EXAMPLE.com'), when },
    { ...email('ops@example.com'), when },
  ];
  const [first, second] = entriesOf({ notify }, []);
  expect(second?.receiver).toBe(first?.receiver);
  expect(second?.id).toBe(`${first?.id}-2`);
  expect(distinctAddresses(['ops@EXAMPLE.com', 'dba@example.com', 'ops@example.com'])).toEqual([
    'ops@EXAMPLE.com',
    'dba@example.com',
  ]);
});

test('ids of places in lower case are those of the previous release', () => {
  expect(receiverId(email('ops@example.com'))).toBe('email:af3c8254');
});
