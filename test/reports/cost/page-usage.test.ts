import { expect, test } from 'vitest';
import { fleetsOf, fleetUsage } from '../../../lambda/reports/cost/fleets.ts';
import { pageFleet, pageUsage } from '../../../lambda/reports/cost/page-usage.ts';
import { FREE_TIER, PRICES, type Usage } from '../../../lambda/reports/cost/prices.ts';
import { target, testPorts } from '../../ports.ts';

const dollars = (lines: readonly Usage[]) =>
  lines.reduce((sum, { quantity, unit }) => sum + quantity * PRICES[unit], 0);
const due = (lines: readonly Usage[]) =>
  lines.reduce((sum, { quantity, unit }) => sum + Math.max(0, quantity - (FREE_TIER[unit] ?? 0)) * PRICES[unit], 0);
const fleet = (targets: number, vantages: number) => ({ targets, vantages, every: 60_000, isPrivate: false });

test.each([
  [undefined, null],
  [{ access: 'off' }, null],
  [{ access: 'public' }, { targets: 1, vantages: 3, every: 60_000, isPrivate: false }],
  [
    { access: 'private', allow: ['192.0.2.0/24'] },
    { targets: 1, vantages: 3, every: 60_000, isPrivate: true },
  ],
] as const)('of %j the fleet is %j', (statusPage, expected) => {
  const { config } = testPorts([target('mx1', 25)], statusPage ? { statusPage } : {}).ports;
  expect(pageFleet(config)).toEqual(expected);
  const items = fleetUsage(fleetsOf(config)).map(({ item }) => item);
  expect(items.includes('CloudFront, requests')).toBe(expected !== null);
  expect(items.includes('CloudFront, function')).toBe(expected?.isPrivate === true);
});

test('a day of 1,000 targets at five vantages is less than a dollar, with a thousand readers', () => {
  const day = dollars(pageUsage(fleet(1_000, 5))) / 30;
  expect(day).toBeGreaterThan(0.1);
  expect(day).toBeLessThan(1);
});

test('what a month of ten targets costs is within a dollar and a half', () => {
  expect(due(pageUsage(fleet(10, 3)))).toBeLessThan(1.5);
});

test('each line has a sum, and no figure is missing', () => {
  for (const { quantity, calculation } of pageUsage({ ...fleet(100, 3), isPrivate: true })) {
    expect(Number.isFinite(quantity) && quantity > 0).toBe(true);
    expect(calculation).not.toMatch(/NaN|undefined/);
  }
});
