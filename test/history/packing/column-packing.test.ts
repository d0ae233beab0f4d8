import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  packDictionary,
  packNumbers,
  packRounds,
  packWords,
  unpackDictionary,
  unpackNumbers,
  unpackRounds,
  unpackWords,
} from '../../../lambda/history/packing/column-packing.ts';

const hour = '2026-11-22T05';
const secondOf = (second: number) =>
  new Date(Date.parse(`${hour}:00:00Z`) + second * 1000).toISOString().replace('.000Z', 'Z');

describe('packing preserves', () => {
  const numbers = fc.array(
    fc.option(
      fc.integer({ min: 0, max: 600_000 }).map((tenth) => tenth / 10),
      { nil: null },
    ),
    { minLength: 1 },
  );
  const words = fc.array(fc.constantFrom('pass', 'fail', 'warn', 'unable', '0', '-'));

  test('numbers', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        expect(unpackNumbers(packNumbers(values))).toEqual(values);
      }),
    );
  });

  test('words', () => {
    fc.assert(
      fc.property(words, (values) => {
        expect(unpackWords(packWords(values))).toEqual(values);
      }),
    );
  });

  test('dictionaries', () => {
    const rows = fc.array(fc.option(fc.record({ a: fc.string({ maxLength: 2 }) }), { nil: null }));
    fc.assert(
      fc.property(rows, (values) => {
        expect(unpackDictionary(packDictionary(values))).toEqual(values);
      }),
    );
  });

  test('rounds', () => {
    const rounds = fc
      .uniqueArray(fc.integer({ min: 0, max: 3599 }))
      .map((seconds) => seconds.sort((a, b) => a - b).map(secondOf));
    fc.assert(
      fc.property(rounds, (values) => {
        expect(unpackRounds(packRounds(values, hour), hour)).toEqual(values);
      }),
    );
  });

  test.each([
    [packNumbers([12, 12, 12, 13, 11, null, 140, 22]), '12:...1a-(140)A'],
    [packNumbers([2.1, 2.1, 2.3, 1.9, 12]), '2.1:..2b(12)'],
    [packWords(['pass', 'pass', 'fail', 'pass']), 'pass*2 fail pass'],
    [packRounds([0, 60, 120, 137, 180].map(secondOf), hour), '0 60*2 17 43'],
  ])('a column as a person reads it: %s', (packed, written) => {
    expect(packed).toBe(written);
  });
});
