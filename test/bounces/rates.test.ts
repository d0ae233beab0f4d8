import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BounceCounts, countOutcome, countsBySender, SLOT, sumRows } from '../../lambda/bounces/counts.ts';
import type { DeliveryOutcome } from '../../lambda/bounces/outcome.ts';
import { outcomeOfRate, RATE_LIMITS, rateFindings } from '../../lambda/bounces/rates.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const DAY = 86_400_000;

function outcome(given: Partial<DeliveryOutcome>): DeliveryOutcome {
  const text = '550 5.7.515 Access denied';
  return {
    at: NOW,
    kind: 'delivered',
    from: 'example.com',
    provider: 'Microsoft',
    code: '2.0.0',
    text,
    delay: 1,
    ...given,
  };
}

function countsOf(outcomes: readonly DeliveryOutcome[]): BounceCounts {
  const counts: BounceCounts = new Map();
  for (const one of outcomes) countOutcome(counts, one);
  return counts;
}

const many = (count: number, given: Partial<DeliveryOutcome>) => Array.from({ length: count }, () => outcome(given));

/** @param providers how many there may be */
function randomOutcomes(providers: number) {
  const made = fc.record({
    at: fc.integer({ min: NOW - DAY + SLOT, max: NOW }),
    kind: fc.constantFrom('delivered' as const, 'deferred' as const, 'bounced' as const),
    from: fc.constantFrom('example.com', 'example.net'),
    provider: fc.integer({ min: 0, max: providers }).map((nth) => `p${nth}.example`),
    code: fc.integer({ min: 0, max: 80 }).map((nth) => `5.7.${nth}`),
    delay: fc.integer({ min: 0, max: 99 }),
  });
  return fc.array(made, { maxLength: 200 });
}

test('the findings of a sender are those of its own rows alone', () => {
  let some = 0;
  fc.assert(
    fc.property(randomOutcomes(3), (given) => {
      const counts = countsOf(given.map(outcome));
      const all = rateFindings(counts, NOW, { ...RATE_LIMITS, atLeast: 1 });
      some += all.length;
      const bySender = countsBySender(counts);
      for (const sender of ['example.com', 'example.net']) {
        const own = rateFindings(bySender.get(sender) ?? new Map(), NOW, { ...RATE_LIMITS, atLeast: 1 });
        expect(own).toEqual(all.filter(({ from }) => from === sender));
      }
    }),
    { numRuns: 50 },
  );
  expect(some).toBeGreaterThan(0);
});

test('nothing is lost or counted twice', () => {
  fc.assert(
    fc.property(randomOutcomes(900), (given) => {
      const outcomes = given.map(outcome);
      const rows = sumRows(countsOf(outcomes), NOW - DAY, NOW + 1);
      for (const kind of ['delivered', 'deferred', 'bounced'] as const) {
        expect(rows.reduce((sum, row) => sum + row[kind], 0)).toBe(outcomes.filter((one) => one.kind === kind).length);
      }
      const bounced = rows.flatMap(({ codes }) => Object.values(codes)).reduce((sum, code) => sum + code.bounced, 0);
      expect(bounced).toBe(outcomes.filter(({ kind }) => kind === 'bounced').length);
    }),
    { numRuns: 50 },
  );
});

test('rows, codes and slots are bounded', () => {
  const providers = countsOf(Array.from({ length: 2_000 }, (_, nth) => outcome({ provider: `p${nth}.example` })));
  expect(sumRows(providers, NOW - DAY, NOW + 1)).toHaveLength(501);
  const codes = countsOf(
    Array.from({ length: 900 }, (_, nth) => outcome({ kind: 'bounced', code: `5.${nth % 9}.${nth}` })),
  );
  expect(Object.keys(sumRows(codes, NOW - DAY, NOW + 1)[0]?.codes ?? {}).length).toBeLessThanOrEqual(60);
  const slots = countsOf(Array.from({ length: 900 }, (_, nth) => outcome({ at: NOW + nth * SLOT })));
  expect(slots.size).toBe(289);
});

test('what is older than a day changes nothing', () => {
  const counts = countsOf([outcome({}), outcome({ at: NOW - 2 * DAY, kind: 'bounced' })]);
  expect(sumRows(counts, 0, NOW + 1)).toMatchObject([{ delivered: 1, bounced: 0 }]);
});

test.each([
  [0, 0, 'pass'],
  [0, 1_000, 'pass'],
  [49, 49, 'pass'],
  [50, 50, 'fail'],
  [9, 1_000, 'pass'],
  [10, 1_000, 'warn'],
  [19, 1_000, 'warn'],
  [20, 1_000, 'fail'],
])('%d of %d: %s', (bounced, total, expected) => {
  expect(outcomeOfRate({ bounced, total, share: total === 0 ? null : bounced / total }, RATE_LIMITS)).toBe(expected);
});

test('a provider stands out, and when its code began is looked for in the whole day', () => {
  const began = NOW - 2 * 3_600_000;
  const counts = countsOf([
    outcome({ at: began, kind: 'bounced', code: '5.7.515' }),
    ...many(40, { kind: 'bounced', code: '5.7.515' }),
    ...many(19, {}),
    ...many(249, { provider: 'Google' }),
    ...many(1, { provider: 'Google', kind: 'bounced', code: '5.1.1' }),
  ]);
  expect(rateFindings(counts, NOW, RATE_LIMITS)).toMatchObject([
    {
      outcome: 'fail',
      window: 'hour',
      provider: 'Microsoft',
      rate: { bounced: 40, total: 59 },
      others: { bounced: 1, total: 250 },
      codes: [{ code: '5.7.515', bounced: 40, first: began }],
    },
  ]);
});

test('bounces that are spread over many small providers are told of all', () => {
  const spread = Array.from({ length: 40 }, (_, nth) => [
    outcome({ provider: `p${nth}.example`, kind: 'bounced', code: '5.7.1' }),
    outcome({ provider: `p${nth}.example` }),
  ]);
  expect(rateFindings(countsOf(spread.flat()), NOW, RATE_LIMITS)).toMatchObject([
    { outcome: 'fail', provider: null, rate: { bounced: 40, total: 80 }, others: { share: null } },
  ]);
});

test('an hour below the number of deliveries is judged by the day', () => {
  const counts = countsOf([...many(30, {}), ...many(30, { at: NOW - 3 * 3_600_000, kind: 'bounced', code: '5.1.1' })]);
  expect(rateFindings(counts, NOW, RATE_LIMITS)).toMatchObject([{ window: 'day', rate: { bounced: 30, total: 60 } }]);
});

test('domains of senders are judged apart', () => {
  const counts = countsOf([...many(60, { kind: 'bounced', from: 'a.example' }), ...many(600, { from: 'b.example' })]);
  expect(rateFindings(counts, NOW, RATE_LIMITS)).toMatchObject([{ from: 'a.example', others: { total: 0 } }]);
});
