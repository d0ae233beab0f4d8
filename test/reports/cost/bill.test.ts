import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricNames } from '../../../lambda/aws/metric-names.ts';
import { billOf, type Measurement } from '../../../lambda/reports/cost/bill.ts';
import { judgeMegabytes } from '../../../lambda/reports/cost/judge-memory.ts';
import { CUSTOM_METRICS } from '../../../lambda/reports/cost/prices.ts';

/** 100 targets from three vantages every minute. `npm run bench -- history` measures real figures. */
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

test('a line shows its calculation', () => {
  const line = billOf(fleet).lines.find(({ item }) => item === 'DynamoDB, round writes');
  expect(line?.calculation).toBe('129,600 × 5.5 units');
  expect(line?.dollars).toBeCloseTo((129_600 * 5.5 * 0.625) / 1e6);
});

test('work takes longer on a share of a processor, and is billed together with waiting', () => {
  const line = billOf(fleet).lines.find(({ item }) => item === 'Lambda, probe time');
  expect(line?.calculation).toBe('129,600 × (900 ms + 165 ms of work at 0.29 of a processor) × 0.5 GB');
  expect(line?.quantity).toBeCloseTo(129_600 * (0.9 + 0.165 / (512 / 1769)) * 0.5);
});

test('time measured on a share of a processor includes the work', () => {
  const line = billOf({ ...fleet, probe: { waiting: 800, work: 0 } }).lines.find(
    ({ item }) => item === 'Lambda, probe time',
  );
  expect(line?.calculation).toBe('129,600 × (1,100 ms) × 0.5 GB');
});

test.each([
  [true, 60_000, '2 × (648,000 polls + 3 × 43,200)'],
  // Vantages start at whole minutes, so no queue is needed.
  [true, 180_000, undefined],
  [false, 60_000, undefined],
])('staggered: %s, every %i ms: the calculation of the round queue is %s', (staggered, every, calculation) => {
  const lines = billOf({ ...fleet, staggered, every }).lines;
  expect(lines.find(({ item }) => item === 'SQS, staggered rounds')?.calculation).toBe(calculation);
});

test('the free tier is listed separately, and is less than the total', () => {
  const { total, freeTier, due, samples } = billOf(fleet);
  expect(samples).toBe(12_960_000);
  expect(freeTier).toBeGreaterThan(0);
  expect(freeTier).toBeLessThan(total);
  expect(due).toBeCloseTo(total - freeTier);
  // A fleet that exceeds the free tier pays for the rest.
  const large = billOf({ ...fleet, probe: { waiting: 60_000, work: 0 } });
  expect(large.due).toBeGreaterThan(large.total / 2);
});

test('each custom metric is in the bill', () => {
  expect(CUSTOM_METRICS.home + CUSTOM_METRICS.vantage).toBe(Object.keys(metricNames).length);
});

test('hours are in the bill if there are any', () => {
  const items = (measurement: Measurement) => billOf(measurement).lines.map(({ item }) => item);
  expect(items({ ...fleet, hour: null })).not.toContain('DynamoDB, hour writes');
  expect(items(fleet)).toContain('DynamoDB, hour writes');
});

test('the lines add up to the total, and every line is positive', () => {
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

test.each([
  [1, 256],
  [280, 256],
  [500, 512],
  [1_000, 960],
  [2_000, 1_769],
])(
  'the memory of the judge for %i targets is %i MB: an outage of all takes 20 s, or what one vCPU can do',
  (targets, megabytes) => {
    expect(judgeMegabytes(targets)).toBe(megabytes);
    const line = billOf({ ...fleet, targets }).lines.find(({ item }) => item === 'Lambda, judge time');
    expect(line?.calculation).toContain(`${megabytes / 1024} GB`);
  },
);

test('each secret is read once an hour in each vantage', () => {
  const line = billOf({ ...fleet, secrets: 2 }).lines.find(({ item }) => item === 'Secrets Manager, reads');
  expect(line?.quantity).toBe(2 * 3 * 720);
  expect(line?.dollars).toBeCloseTo(0.0216);
});

test('rounds of other regions than home are transferred between regions', () => {
  const transfer = (vantages: number) =>
    billOf({ ...fleet, vantages }).lines.find(({ item }) => item === 'Data transfer, rounds to home')?.quantity ?? 0;
  expect(transfer(1)).toBe(0);
  expect(transfer(3)).toBeCloseTo((2 * 43_200 * (5_500 + 2_500)) / 1e9);
});

test('a NAT gateway costs by the hour, with its address, and by the gigabyte', () => {
  const nat = (natGateways: number) =>
    billOf({ ...fleet, natGateways }).lines.filter(({ item }) => /NAT|Elastic/.test(item));
  expect(nat(0)).toEqual([]);
  expect(nat(2).map(({ item }) => item)).toEqual(['NAT gateways', 'Elastic IPs', 'NAT gateways, data']);
  expect(nat(1)[0]?.dollars).toBeCloseTo(32.4);
  expect(nat(1)[2]?.quantity).toBeCloseTo((43_200 * 100 * 7_800) / 1e9);
});

describe('posture', () => {
  const of = (domains: number, secrets = 0) => {
    const { lines, total } = billOf({ ...fleet, posture: { domains, vantages: 2, secrets } });
    return { lines: lines.filter(({ item }) => /posture|list keys/.test(item)), total };
  };

  test('100 domains from two regions cost little more than a dollar a month', () => {
    const { lines, total } = of(100);
    const dollars = lines.reduce((sum, line) => sum + line.dollars, 0);
    expect(dollars).toBeGreaterThan(0.8);
    expect(dollars).toBeLessThan(1.5);
    expect(total).toBeCloseTo(billOf(fleet).total + dollars);
  });

  test('a line shows its calculation', () => {
    const time = of(100).lines.find(({ item }) => item === 'Lambda, posture time');
    expect(time?.calculation).toBe('2 × (720 runs × 51.1 s + 2160 × 22.8 s) × 0.25 GB');
    expect(time?.quantity).toBeCloseTo(2 * (720 * 51.05 + 2160 * 22.83) * 0.25, -2);
  });

  test('all of them are checked within the time of the function', () => {
    const seconds = /runs × ([\d.]+) s/.exec(
      of(400).lines.find(({ item }) => /time/.test(item))?.calculation ?? '',
    )?.[1];
    expect(Number(seconds)).toBeLessThan(300 - 45);
  });

  test('keys of lists are secrets', () => {
    expect(of(1, 2).lines.map(({ item }) => item)).toContain('Secrets Manager, list keys');
    expect(of(1).lines.map(({ item }) => item)).not.toContain('Secrets Manager, list keys');
  });

  test('without it there is no line of it', () => {
    expect(billOf(fleet).lines.filter(({ item }) => /posture/.test(item))).toEqual([]);
  });
});
