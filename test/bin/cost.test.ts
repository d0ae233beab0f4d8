import fc from 'fast-check';
import { expect, test } from 'vitest';
import { billOf, type Measured } from '../../bin/cost/bill.ts';

/** 100 targets from three vantages each minute, as `npm run bench -- history` metered them. */
const fleet: Measured = {
  targets: 100,
  vantages: 3,
  every: 60_000,
  rounds: 60,
  writeUnits: 5.5,
  bytes: 5500,
  slowest: 600,
  judgeReadUnits: 25,
  judging: 40,
  hourWriteUnits: 5,
};

test('the fleet of the design is under $2 a month, and $0.15 a million samples', () => {
  const { total, samples, perMillion } = billOf(fleet);
  expect(samples).toBe(12_960_000);
  expect(total).toBeLessThan(2);
  expect(perMillion).toBeLessThan(0.15);
});

test('a line is its arithmetic', () => {
  const line = billOf(fleet).lines.find(({ what }) => what === 'DynamoDB, rounds written');
  expect(line?.arithmetic).toBe('129,600 × 5.5 write units');
  expect(line?.dollars).toBeCloseTo((129_600 * 5.5 * 0.625) / 1e6);
});

test('hours are in the bill once there are any', () => {
  const whats = (measured: Measured) => billOf(measured).lines.map(({ what }) => what);
  expect(whats({ ...fleet, hourWriteUnits: null })).not.toContain('DynamoDB, hours written');
  expect(whats(fleet)).toContain('DynamoDB, hours written');
});

test('the lines add up, and nothing costs less than nothing', () => {
  const some = fc.integer({ min: 1, max: 5000 });
  const length = fc.integer({ min: 1000, max: 3_600_000 });
  fc.assert(
    fc.property(some, some, length, some, (targets, writeUnits, every, slowest) => {
      const { lines, total } = billOf({ ...fleet, targets, writeUnits, every, slowest });
      expect(lines.every(({ dollars }) => dollars > 0)).toBe(true);
      expect(lines.reduce((sum, { dollars }) => sum + dollars, 0)).toBeCloseTo(total);
    }),
  );
});
