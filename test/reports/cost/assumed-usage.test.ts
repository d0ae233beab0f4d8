import { expect, test } from 'vitest';
import { parseConfig } from '../../../lambda/config/parse.ts';
import { assumptionTexts, estimateMeasurement } from '../../../lambda/reports/cost/assumed-usage.ts';
import { billOf, type Measurement } from '../../../lambda/reports/cost/bill.ts';

function configOf(targets: readonly string[]) {
  const head =
    'home: us-east-1\nvantages: [us-east-1, eu-west-1, ap-southeast-1]\nehloName: probe.example.com\ntargets:\n';
  const parsed = parseConfig(`${head}${targets.map((target) => `  - ${target}\n`).join('')}`, 'mail.yaml', () => '');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

const hosts = (count: number) => Array.from({ length: count }, (_, at) => `{ id: mx${at}, host: mx${at}.example.com }`);

/** What `npm run bench -- history` measured of 100 targets from three vantages every minute. */
const measured: Measurement = {
  targets: 100,
  vantages: 3,
  staggered: false,
  every: 60_000,
  rounds: 60,
  writeUnits: 5.5,
  bytes: 5500,
  probe: { waiting: 600, work: 142 },
  judge: { waiting: 0, work: 39 },
  judgeReadUnits: 25,
  hour: { writeUnits: 5, bytes: 4800 },
  secrets: 0,
};

test('the estimate of a fleet is within a quarter of what was measured of it', () => {
  const [estimated, real] = [billOf(estimateMeasurement(configOf(hosts(100)))), billOf(measured)];
  expect(estimated.samples).toBe(real.samples);
  expect(Math.abs(estimated.total / real.total - 1)).toBeLessThan(0.25);
});

test('more targets, and a mail in each round, cost more', () => {
  const total = (targets: readonly string[]) => billOf(estimateMeasurement(configOf(targets))).total;
  const deliver = '{ id: trip, host: x.example.com, mailFrom: "", rcptTo: [a@example.com], deliver: true }';
  expect(total(hosts(50))).toBeGreaterThan(total(hosts(5)));
  expect(total([...hosts(5), deliver])).toBeGreaterThan(total(hosts(6)));
});

test('the assumptions are stated for the kinds of targets that there are, and each secret is counted once', () => {
  const auth = (id: string) => `{ id: ${id}, host: x, port: 587, auth: { user: u, password: { secret: one } } }`;
  const config = configOf([...hosts(1), auth('a'), auth('b'), '{ id: inbound, domain: example.com }']);
  expect(assumptionTexts(config)[0]).toBe(
    'Assumed: a domain with two MX hosts 900 ms and 60 bytes; a session with AUTH 800 ms and 60 bytes; any other session 600 ms and 55 bytes; no failures.',
  );
  expect(estimateMeasurement(config).secrets).toBe(1);
});
