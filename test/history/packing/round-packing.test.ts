import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordedSample, Round } from '../../../lambda/history/packing/recorded-round.ts';
import { packRound, packSample, unpackRound, unpackSample } from '../../../lambda/history/packing/round-packing.ts';
import { itemSize, splitThreshold, writeUnits } from '../../../lambda/history/table/item-size.ts';
import type { Item } from '../../../lambda/history/table/table.ts';
import { arbitraryRound, arbitrarySample, healthy, refused, roundOf } from '../samples.ts';

/** The value after a write and a read. */
const overTheWire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function backAndForth(round: Round): Round {
  const { head, parts } = overTheWire(packRound(round, 2_000_000_000, 'w1'));
  return unpackRound(head, (sk) => parts.find((part) => part.sk === sk));
}

describe('round trip', () => {
  test('of any sample', () => {
    fc.assert(
      fc.property(arbitrarySample, (sample) => {
        const back = unpackSample(overTheWire(packSample(sample)));
        expect(back).toEqual(sample);
        expect(Object.keys(back.timings)).toEqual(Object.keys(sample.timings));
      }),
      { numRuns: 500 },
    );
  });

  test('of any round', () => {
    fc.assert(
      fc.property(arbitraryRound, (round) => {
        expect(backAndForth(round)).toEqual(round);
      }),
    );
  });

  test('of a round in parts: none above the limit, none lost', () => {
    const transcript = Array.from({ length: 100 }, (_, n) => `S: 250-${n} ${'x'.repeat(70)}`);
    const samples = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`mx${n}`, { ...refused, transcript }]));
    const round = roundOf('eu-west-1', '2026-11-22T05:00:00Z', samples);
    const { head, parts } = packRound(round, 2_000_000_000, 'w1');
    expect(parts.map(({ sk }) => sk)).toEqual(['2026-11-22T05:00:00Z#2#w1', '2026-11-22T05:00:00Z#3#w1']);
    for (const item of [head, ...parts]) expect(itemSize(item)).toBeLessThan(splitThreshold + 1024);
    expect(backAndForth(round)).toEqual(round);
  });
});

test('a round as the console shows it', () => {
  expect(packSample(healthy)).toBe('198.51.100.24 3.2 12 31 12 12 28 13 12');
  const more = { facts: { starttls: 'yes' } };
  expect(packSample({ ...healthy, ...more })).toEqual(['pass', '198.51.100.24 3.2 12 31 12 12 28 13 12', more]);
  expect(packSample(refused)).toEqual([
    'fail',
    '198.51.100.24 3.2 12 31',
    'greeting',
    'greeting-refused',
    '554 5.7.1 no service here',
    'greeting 554 after 31 ms',
    refused.transcript,
  ]);
  const { head } = packRound(roundOf('eu-west-1', '2026-11-22T05:00:00Z', { mx1: healthy }), 2_000_000_000, 'w1');
  expect(head).toEqual({
    pk: 'round#eu-west-1',
    sk: '2026-11-22T05:00:00Z',
    ttl: 2_000_000_000,
    packing: 1,
    written: 'w1',
    phases: 'dns connect greeting ehlo starttls tls ehlo2 quit auth mail rcpt data',
    samples: { mx1: '198.51.100.24 3.2 12 31 12 12 28 13 12' },
  });
});

test.each([
  [{ dns: 0.04 }, 0.04, '198.51.100.24 0'],
  [{ dns: 0.26, connect: 9.96 }, 10.2, '198.51.100.24 0.3 10'],
  [{ dns: 12.4, tls: 1234.5 }, 1247, '198.51.100.24 12 - - - - 1235'],
  [{ dns: 12.4, tls: 1234.5 }, 20_000.4, '198.51.100.24 12 - - - - 1235 =20000'],
  [{}, 0, '198.51.100.24'],
  [{}, 5000, '198.51.100.24 =5000'],
])('timings %j and total %d are written %j', (timings, total, written) => {
  expect(packSample({ ...healthy, timings, total })).toBe(written);
});

test('the total is accurate to 3 ms or 1 %', () => {
  fc.assert(
    fc.property(arbitrarySample, fc.double({ min: 0, max: 60_000, noNaN: true }), (sample, total) => {
      const back = unpackSample(packSample({ ...sample, total })).total;
      expect(Math.abs(back - total)).toBeLessThanOrEqual(Math.max(3, total / 99) + 0.5);
    }),
  );
});

test('implicit TLS is read back in the order of its session', () => {
  const timings: RecordedSample['timings'] = { dns: 1, connect: 2, tls: 3, greeting: 4, ehlo: 5, quit: 6 };
  expect(Object.keys(unpackSample(packSample({ ...healthy, timings })).timings)).toEqual(Object.keys(timings));
});

test('the order of the phases comes from the item, not from this version', () => {
  const item = {
    pk: 'round#x',
    sk: '2026-11-22T05:00:00Z',
    packing: 1,
    phases: 'quit dns',
    samples: { a: '- 2 3' },
  };
  expect(unpackRound(item, () => undefined).samples.get('a')?.timings).toEqual({ dns: 3, quit: 2 });
});

describe('an unknown version or a missing part is refused', () => {
  const { head } = packRound(roundOf('eu-west-1', '2026-11-22T05:00:00Z', { mx1: healthy }), 2_000_000_000, 'w1');

  test.each([
    ['a later packing', { packing: 2 }, /has packing 2, but this version reads 1: update smtp-quorum/],
    ['no packing', { packing: undefined }, /has packing null/],
    [
      'a part that is missing',
      { parts: ['2026-11-22T05:00:00Z#2#w1'] },
      /its part 2026-11-22T05:00:00Z#2#w1 is missing/,
    ],
  ])('%s', (_title, change, message) => {
    expect(() => unpackRound({ ...head, ...change } as Item, () => undefined)).toThrow(message);
  });
});

test('a round of 100 healthy targets costs at most 60 write units per 1,000 samples', () => {
  const samples = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`target-${n}`, healthy]));
  const { head } = packRound(roundOf('ap-southeast-1', '2026-11-22T05:00:00Z', samples), 2_000_000_000, '1a2b3c4d');
  expect(writeUnits(head) * 10).toBeLessThanOrEqual(60);
});
