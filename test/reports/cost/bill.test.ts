import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metricNames } from '../../../lambda/aws/metrics.ts';
import { billOf, type Measurement } from '../../../lambda/reports/cost/bill.ts';
import { CUSTOM_METRICS } from '../../../lambda/reports/cost/prices.ts';

/** Sizes and lengths of 100 targets from three vantages each minute; `npm run bench -- history` measures the real ones. */
const fleet: Measurement = {
  targets: 100,
  vantages: 3,
  staggered: true,
  every: 60_000,
  rounds: 60,
  writeUnits: 5.5,
  bytes: 5500,
  probe: { waiting: 600, work: 165 },
  judge: { waiting: 0, work: 75 },
  judgeReadUnits: 25,
  hour: { writeUnits: 5, bytes: 4800 },
  secrets: 0,
};

test('a line is its arithmetic', () => {
  const line = billOf(fleet).lines.find(({ what }) => what === 'DynamoDB, rounds written');
  expect(line?.arithmetic).toBe('129,600 × 5.5 units');
  expect(line?.dollars).toBeCloseTo((129_600 * 5.5 * 0.625) / 1e6);
});

test('work takes longer on a share of a processor, and is billed with the waiting', () => {
  const line = billOf(fleet).lines.find(({ what }) => what === 'Lambda, probe time');
  expect(line?.arithmetic).toBe('129,600 × (900 ms + 165 ms of work at 0.29 of a processor) × 0.5 GB');
  expect(line?.many).toBeCloseTo(129_600 * (0.9 + 0.165 / (512 / 1769)) * 0.5);
});

test('time that was measured on a share of a processor has the work in it', () => {
  const line = billOf({ ...fleet, probe: { waiting: 800, work: 0 } }).lines.find(
    ({ what }) => what === 'Lambda, probe time',
  );
  expect(line?.arithmetic).toBe('129,600 × (1,100 ms) × 0.5 GB');
});

test.each([
  [true, 60_000, '2 × (648,000 polls + 3 × 43,200)'],
  // Vantages begin at whole minutes, which a schedule knows by itself.
  [true, 180_000, undefined],
  [false, 60_000, undefined],
])('staggered: %s, each %i ms: the queue of rounds costs %s', (staggered, every, arithmetic) => {
  const lines = billOf({ ...fleet, staggered, every }).lines;
  expect(lines.find(({ what }) => what === 'SQS, staggered rounds')?.arithmetic).toBe(arithmetic);
});

test('what AWS gives for good is told apart, and is never more than the bill', () => {
  const { total, free, toPay, samples } = billOf(fleet);
  expect(samples).toBe(12_960_000);
  expect(free).toBeGreaterThan(0);
  expect(free).toBeLessThan(total);
  expect(toPay).toBeCloseTo(total - free);
  // A fleet that uses up what is free pays for the rest of it.
  const large = billOf({ ...fleet, probe: { waiting: 60_000, work: 0 } });
  expect(large.toPay).toBeGreaterThan(large.total / 2);
});

test('each metric of our own is in the bill', () => {
  expect(CUSTOM_METRICS.home + CUSTOM_METRICS.vantage).toBe(Object.keys(metricNames).length);
});

test('hours are in the bill once there are any', () => {
  const whats = (measured: Measurement) => billOf(measured).lines.map(({ what }) => what);
  expect(whats({ ...fleet, hour: null })).not.toContain('DynamoDB, hours written');
  expect(whats(fleet)).toContain('DynamoDB, hours written');
});

test('the lines add up, and nothing costs less than nothing', () => {
  const some = fc.integer({ min: 1, max: 5000 });
  const length = fc.integer({ min: 1000, max: 3_600_000 });
  fc.assert(
    fc.property(some, some, length, some, (targets, writeUnits, every, waiting) => {
      const { lines, total } = billOf({ ...fleet, targets, writeUnits, every, probe: { waiting, work: 0 } });
      expect(lines.every(({ dollars }) => dollars > 0)).toBe(true);
      expect(lines.reduce((sum, { dollars }) => sum + dollars, 0)).toBeCloseTo(total);
    }),
  );
});
