import { expect, test } from 'vitest';
import type { Config } from '../../../lambda/config/config.ts';
import { estimateMeasurement } from '../../../lambda/reports/cost/assumed-usage.ts';
import { billOf } from '../../../lambda/reports/cost/bill.ts';
import { messageFleet, messageUsage } from '../../../lambda/reports/cost/message-usage.ts';
import { fleetOf } from '../../lib/quotas/corners.ts';

const when = ['down'] as const;
const notify: Config['notify'] = [
  { kind: 'email', address: 'ops@example.com', when },
  { kind: 'email', address: 'boss@example.com', when },
  { kind: 'sms', number: '+15555550100', when },
  { kind: 'webhook', url: 'https://hooks.example.com/a', when },
  { kind: 'slack', channel: 'C0123ABCD45', token: { secret: 'slack' }, when },
];

test('each kind of channel has its messages', () => {
  const rows = messageUsage(messageFleet({ notify }) ?? {});
  expect(rows.map(({ item, unit, calculation }) => `${item} (${unit}): ${calculation}`)).toEqual([
    'Messages, email (emailMessage): 30 messages: 2 entries × 5 outages × 3 alerts',
    'Messages, sms (message): 15 messages: 5 outages × 3 alerts; priced by country, not included: aws.amazon.com/sns/sms-pricing',
    'Messages, webhook (message): 15 messages: 5 outages × 3 alerts',
    'Messages, slack (message): 15 messages: 5 outages × 3 alerts',
  ]);
});

test('they are lines of the bill, also where no service is', () => {
  const config = { ...fleetOf({ vantages: 2, targets: 1 }), notify: notify.slice(0, 4) };
  const bill = billOf(estimateMeasurement(config));
  const dollars = new Map(bill.lines.map((line) => [line.item, line.dollars]));
  expect(dollars.get('Messages, email')).toBeCloseTo(0.0006, 6);
  expect(dollars.get('Messages, sms')).toBe(0);
  expect(bill.lines.some(({ item }) => item === 'SQS, services')).toBe(false);
});

test('without receivers there is nothing', () => {
  expect(messageFleet({ notify: [] })).toBeNull();
});
