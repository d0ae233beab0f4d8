import { expect, test } from 'vitest';
import { type BounceFleet, bounceFleet, bounceUsage } from '../../../lambda/reports/cost/bounce-usage.ts';
import { PRICES } from '../../../lambda/reports/cost/prices.ts';
import { mailConfig, sampleConfig } from '../../lib/synthesis.ts';

const fleet: BounceFleet = { events: 0, mailboxes: 1, secrets: 1 };

function dollars(of: BounceFleet): number {
  return bounceUsage(of).reduce((sum, { unit, quantity }) => sum + quantity * PRICES[unit], 0);
}

test.each([
  ['events and a mailbox', mailConfig(), { events: 105_000, mailboxes: 1, secrets: 1 }],
  ['events alone', sampleConfig(), { events: 105_000, mailboxes: 0, secrets: 0 }],
])('what is counted of a config with %s', (_, config, expected) => {
  expect(bounceFleet(config)).toEqual(expected);
});

test('nothing without bounces', () => {
  const { bounces: _, ...config } = sampleConfig();
  expect(bounceFleet(config)).toBeNull();
});

test('a mailbox costs less than a dollar a month, and each one more little', () => {
  expect(dollars(fleet)).toBeLessThan(1);
  expect(dollars({ ...fleet, mailboxes: 2 }) - dollars(fleet)).toBeLessThan(0.05);
});

test('the judge is paid once', () => {
  const [both, events, mailbox] = [{ ...fleet, events: 1_000 }, { ...fleet, events: 1_000, mailboxes: 0 }, fleet];
  expect(dollars(both)).toBeLessThan(dollars(events) + dollars(mailbox));
});
