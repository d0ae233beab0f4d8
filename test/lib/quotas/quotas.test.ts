import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deploymentProblems } from '../../../lib/deployment/deployable.ts';
import { bounds, exceeded, type QuotaName } from '../../../lib/quotas/quota-table.ts';
import { quotasOf } from '../../../lib/quotas/quotas.ts';
import { secretChunks, secretsSize } from '../../../lib/quotas/split-secrets-over-policies.ts';
import { bundledBytes } from './bundled.ts';
import { corners, fleetOf, type Size } from './corners.ts';
import { measured } from './measured.ts';

/** Counts are reckoned exactly; sizes at most so much too high. */
const exact: readonly QuotaName[] = [
  'resources of the home stack',
  'resources of a probe stack',
  "managed policies of a probe's role",
  'statements of a queue policy',
  'conditions of a queue policy',
  'filter policies of the topic of alerts',
  'outbound rules of a security group',
  'name of a stack',
  'values of a filter policy',
  'name of a queue',
  'metrics of a graph',
];

describe.each(Object.entries(corners))('%s', (_, [size, settings]) => {
  const config = fleetOf(size);
  const uses = new Map(quotasOf(config, settings).map(({ name, use }) => [name, use]));

  test('the templates use what was reckoned', () => {
    const found = measured(config, settings);
    const wrong = [...found].filter(([name, use]) => {
      const reckoned = uses.get(name) ?? Number.NaN;
      if (exact.includes(name)) return reckoned !== use;
      return !(reckoned >= use && reckoned <= use * 1.6 + 700);
    });
    expect(wrong.map(([name, use]) => `${name}: ${use}, reckoned ${uses.get(name)}`)).toEqual([]);
  });
});

test('what no template shows: the code of every function is smaller than reckoned', async () => {
  const config = fleetOf({ vantages: 1, targets: 1 });
  const reckoned = quotasOf(config).find(({ name }) => name === 'code of a function with its config')?.use ?? 0;
  for (const bytes of await bundledBytes(config)) expect(bytes).toBeLessThan(reckoned);
});

const sizes: fc.Arbitrary<Size> = fc.record({
  name: fc.integer({ min: 1, max: 40 }).map((length) => 'a'.repeat(length)),
  partition: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov'),
  vantages: fc.integer({ min: 1, max: 40 }),
  targets: fc.integer({ min: 1, max: 2_000 }),
  secrets: fc.integer({ min: 0, max: 500 }),
  secretName: fc.integer({ min: 4, max: 200 }).map((length) => (nth: number) => String(nth).padEnd(length, 'x')),
  emails: fc.integer({ min: 0, max: 60 }),
  sms: fc.integer({ min: 0, max: 20 }),
  webhooks: fc.integer({ min: 0, max: 60 }),
  ports: fc.integer({ min: 1, max: 80 }),
  domains: fc.integer({ min: 0, max: 2_000 }),
  family: fc.constantFrom<4 | 'each'>(4, 'each'),
});

describe('of any config', () => {
  test('every limit is reckoned, with its page and what to change', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const quotas = quotasOf(fleetOf(size));
        expect(quotas.map(({ name }) => name).sort()).toEqual(Object.keys(bounds).sort());
        for (const { use, bound, page, fix } of quotas) {
          expect(Number.isFinite(use) && use >= 0 && bound > 0).toBe(true);
          expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+$/);
          expect(fix).not.toBe('');
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a deployment is refused exactly where a limit is exceeded, with the sum', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const config = fleetOf(size);
        const beyond = quotasOf(config).filter(({ use, bound }) => use > bound);
        const told = deploymentProblems(config);
        expect(told).toEqual(exceeded(quotasOf(config)));
        for (const [nth, { name, use, fix }] of beyond.entries()) {
          expect(told[nth]).toContain(name);
          expect(told[nth]).toContain(Math.ceil(use).toLocaleString('en-US'));
          expect(told[nth]).toContain(fix);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('more of anything never uses less of a limit', () => {
    const keys = ['vantages', 'targets', 'secrets', 'emails', 'sms', 'webhooks'] as const;
    fc.assert(
      fc.property(sizes, fc.constantFrom(...keys), (size, key) => {
        const use = (of: Size) => new Map(quotasOf(fleetOf(of)).map((quota) => [quota.name, quota.use]));
        const [before, after] = [use(size), use({ ...size, [key]: (size[key] ?? 0) + 1 })];
        // Secrets that no longer fit inline leave that policy altogether.
        const moved: readonly QuotaName[] = ["inline policies of a probe's role"];
        const less = [...after].filter(([name, now]) => now < (before.get(name) ?? 0) && !moved.includes(name));
        expect(less).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('a probe never has more descriptors than Lambda allows: a domain counts as its MX hosts, and sessions wait', () => {
    const descriptors = (size: Size) =>
      quotasOf(fleetOf(size)).find(({ name }) => name === 'file descriptors of a probe') ?? {
        use: Number.NaN,
        bound: 0,
      };
    fc.assert(
      fc.property(sizes, (size) => {
        const { use, bound } = descriptors(size);
        expect(use).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 40 },
    );
    const small = { vantages: 1, targets: 20 };
    const [hosts, domains, both] = [
      small,
      { ...small, domains: 20 },
      { ...small, domains: 20, family: 'each' as const },
    ];
    // 64 for other purposes and 2 for the control target; 2 for each session.
    expect([hosts, domains, both].map((size) => descriptors(size).use - 66)).toEqual([40, 160, 320]);
  });

  test('each secret is in exactly one policy, and each policy is within what IAM takes', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const config = fleetOf(size);
        const { inline, managed } = secretChunks(config);
        const named = config.targets.flatMap(({ auth }) =>
          auth && 'secret' in auth.password ? [auth.password.secret] : [],
        );
        expect([...inline, ...managed.flat()].sort()).toEqual([...new Set(named)].sort());
        for (const chunk of managed) expect(secretsSize(chunk, config.home)).toBeLessThanOrEqual(5_900);
      }),
      { numRuns: 40 },
    );
  });
});

test.each<[QuotaName, Size, string]>([
  [
    "managed policies of a probe's role",
    { vantages: 2, targets: 1, secrets: 500, secretName: (nth) => String(nth).padEnd(200, 'x') },
    'secretPrefix',
  ],
  ['resources of the home stack', { vantages: 2, targets: 1, emails: 240 }, 'fewer addresses'],
  ['filter policies of the topic of alerts', { vantages: 2, targets: 1, emails: 201 }, 'fewer addresses'],
  [
    'name of a secret',
    { vantages: 2, targets: 1, secrets: 1, secretName: (nth) => String(nth).padEnd(513, 'x') },
    'shorter names',
  ],
])('%s beyond its limit is refused with what to change', (name, size, fix) => {
  const told = deploymentProblems(fleetOf(size)).filter((line) => line.startsWith(name));
  expect(told).toEqual([expect.stringContaining(fix)]);
});
