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
import type { RecordedSample, VantageSample } from '../../../lambda/history/packing/recorded-sample.ts';
import { packColumn } from '../../../lambda/history/rollup/hour-column.ts';
import {
  dayItem,
  hourItem as hourItemOf,
  samplesOfHour,
  summarizeItem,
} from '../../../lambda/history/rollup/rollup-items.ts';
import { percentiles, tallyOf } from '../../../lambda/history/rollup/tally.ts';
import { itemSize, splitThreshold } from '../../../lambda/history/table/item-size.ts';
import type { Item } from '../../../lambda/history/table/table.ts';
import { arbitraryLag, arbitrarySample, healthy, refused } from '../samples.ts';

const hour = '2026-11-22T05';
function hourItem(target: string, hour: string, sightings: readonly VantageSample[], ttl: number): Item {
  const vantages = new Set(sightings.map(({ vantage }) => vantage));
  const columns = [...vantages].map((vantage) => {
    return [
      vantage,
      packColumn(
        sightings.filter((each) => each.vantage === vantage),
        hour,
      ),
    ] as const;
  });
  return hourItemOf(target, hour, new Map(columns), ttl);
}

const overTheWire = (item: Item): Item => JSON.parse(JSON.stringify(item)) as Item;
const secondOf = (second: number) =>
  new Date(Date.parse(`${hour}:00:00Z`) + second * 1000).toISOString().replace('.000Z', 'Z');
const seen = (vantage: string, minute: number, sample: RecordedSample): VantageSample => ({
  vantage,
  round: secondOf(minute * 60),
  sample,
});

const arbitrarySightings: fc.Arbitrary<readonly VantageSample[]> = fc.uniqueArray(
  fc
    .record({
      vantage: fc.constantFrom('us-east-1', 'eu-west-1', 'local'),
      round: fc.integer({ min: 0, max: 3599 }).map(secondOf),
      sample: arbitrarySample,
    })
    .chain((sighting) => arbitraryLag.map((lag) => ({ ...sighting, ...lag }))),
  { selector: ({ vantage, round }) => `${vantage} ${round}`, maxLength: 40 },
);

describe('columns, there and back', () => {
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
  ])('as a person reads it: %s', (packed, written) => {
    expect(packed).toBe(written);
  });
});

describe('an hour', () => {
  test('gives back every sample but its transcript', () => {
    fc.assert(
      fc.property(arbitrarySightings, (sightings) => {
        const back = samplesOfHour(overTheWire(hourItem('mx1', hour, sightings, 2_000_000_000)));
        const sorted = sightings.toSorted((a, b) => (a.vantage + a.round < b.vantage + b.round ? -1 : 1));
        expect(back).toEqual(sorted.map((each) => ({ ...each, sample: { ...each.sample, transcript: [] } })));
      }),
    );
  });

  test('is the same from any order and any repetition of its rounds', () => {
    const shuffled = arbitrarySightings.chain((sightings) =>
      fc.tuple(
        fc.constant(sightings),
        fc.shuffledSubarray([...sightings, ...sightings], { minLength: sightings.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([sightings, other]) => {
        const text = (all: readonly VantageSample[]) =>
          JSON.stringify([
            hourItem('mx1', hour, all, 1),
            dayItem('mx1', '2026-11-22', [hourItem('mx1', hour, all, 1)]),
          ]);
        expect(text(other)).toBe(text(sightings));
      }),
    );
  });

  test('reads well in the console', () => {
    const minutes = Array.from({ length: 60 }, (_, minute) => minute);
    const sightings = minutes.map((minute) => seen('eu-west-1', minute, minute < 57 ? healthy : refused));
    const { vantages } = hourItem('mx1', hour, sightings, 2_000_000_000);
    expect(vantages).toEqual({
      'eu-west-1': {
        counts: { pass: 57, fail: 3 },
        total: [111, 111, 111],
        rounds: '0 60*59',
        outcomes: 'pass*57 fail*3',
        timings: expect.objectContaining({
          greeting: `31:${'.'.repeat(60)}`,
          tls: `28:${'.'.repeat(57)}---`,
        }),
        addresses: { values: ['198.51.100.24'], rows: '0*60' },
        findings: {
          values: [['greeting', 'greeting-refused', '554 5.7.1 no service here', 'greeting 554 after 31 ms']],
          rows: '-*57 0*3',
        },
      },
    });
  });

  test('with more words than an item can hold keeps outcome, phase and code of each', () => {
    const detail = (n: number) => `${n} ${'x'.repeat(500)}`;
    const sightings = Array.from({ length: 20 * 60 }, (_, n) =>
      seen(`v${Math.floor(n / 60)}`, n % 60, { ...refused, detail: detail(n) }),
    );
    const item = hourItem('mx1', hour, sightings, 2_000_000_000);
    expect(itemSize(item)).toBeLessThan(splitThreshold);
    const back = samplesOfHour(item);
    expect(back).toHaveLength(1200);
    expect(back[0]?.sample).toMatchObject({
      outcome: 'fail',
      phase: 'greeting',
      code: 'greeting-refused',
      reply: null,
      detail: null,
    });
  });

  test('of a later version is refused', () => {
    const item = { ...hourItem('mx1', hour, [], 1), packing: 2 };
    expect(() => samplesOfHour(item)).toThrow(/packing 2/);
    expect(() => summarizeItem(item)).toThrow(/packing 2/);
  });
});

describe('sums', () => {
  const sightings = [
    seen('a', 0, healthy),
    seen('a', 1, { ...healthy, total: 200 }),
    seen('a', 2, refused),
    seen('b', 0, refused),
  ];

  test('of an hour and of a day say the same', () => {
    const item = hourItem('mx1', hour, sightings, 1);
    const { hours, ...ofDay } = summarizeItem(dayItem('mx1', '2026-11-22', [item]));
    expect(summarizeItem(item)).toEqual({ ...ofDay, span: hour });
    expect(hours).toBe(1);
    expect(ofDay).toMatchObject({ target: 'mx1', span: '2026-11-22' });
    expect(ofDay.vantages.a).toMatchObject({
      counts: { pass: 2, fail: 1 },
      total: [111, 200, 200],
      phases: { tls: [28, 28, 28] },
    });
    expect(ofDay.vantages.b).toEqual({ counts: { fail: 1 }, total: null, phases: {} });
  });

  test('of a day are those of its samples, whatever they are and in whichever order its hours come', () => {
    const hourly = fc.uniqueArray(fc.integer({ min: 10, max: 23 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(hourly, arbitrarySightings, (of, sightings) => {
        const split = of.map((name) =>
          sightings.map((each) => ({ ...each, round: each.round.replace('T05', `T${name}`) })),
        );
        const items = split.map((all, n) => overTheWire(hourItem('mx1', `2026-11-22T${of[n]}`, all, 1)));
        const { vantages } = summarizeItem(dayItem('mx1', '2026-11-22', items));
        const back = items.flatMap(samplesOfHour);
        const names = [...new Set(sightings.map(({ vantage }) => vantage))].sort();
        const samplesOf = (name: string) => back.filter(({ vantage }) => vantage === name).map(({ sample }) => sample);
        expect(vantages).toEqual(Object.fromEntries(names.map((name) => [name, tallyOf(samplesOf(name))])));
        expect(dayItem('mx1', '2026-11-22', items.toReversed())).toEqual(dayItem('mx1', '2026-11-22', items));
      }),
    );
  });

  test.each([
    [[], null],
    [[5], [5, 5, 5]],
    [Array.from({ length: 100 }, (_, n) => 100 - n), [50, 95, 99]],
    [Array.from({ length: 1000 }, (_, n) => n + 1), [500, 950, 990]],
  ])('percentiles by nearest rank', (values, expected) => {
    expect(percentiles(values)).toEqual(expected);
  });
});
