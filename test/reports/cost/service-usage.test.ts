import { expect, test } from 'vitest';
import { PRICES } from '../../../lambda/reports/cost/prices.ts';
import { serviceFleet, serviceUsage } from '../../../lambda/reports/cost/service-usage.ts';
import { fleetOf } from '../../lib/quotas/corners.ts';

test('each kind of service has its messages, and a call its ceiling', () => {
  const fleet = serviceFleet(fleetOf({ vantages: 2, targets: 1, services: 3 }));
  expect(fleet).toEqual({ messages: { pagerduty: 45, phone: 15, 'amazon-q': 15 }, secrets: 3, calls: [0.1] });
  const usage = serviceUsage(fleet ?? { messages: {}, secrets: 0, calls: [] });
  const dollarsOf = (name: string) => {
    const line = usage.find(({ item }) => item === name);
    return line === undefined ? null : line.quantity * PRICES[line.unit];
  };
  expect(dollarsOf('Calls, at most')).toBeCloseTo(1.5);
  expect(dollarsOf('Secrets Manager, services')).toBeCloseTo(1.2);
});

test('without services there is nothing', () => {
  expect(serviceFleet(fleetOf({ vantages: 2, targets: 1, webhooks: 1 }))).toBeNull();
});
