import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordedSample, VantageSample } from '../../../lambda/history/packing/recorded-round.ts';
import {
  dayItem,
  hourItem as hourItemOf,
  samplesOfHour,
  summarizeItem,
} from '../../../lambda/history/rollup/hour-and-day-items.ts';
import { packColumn } from '../../../lambda/history/rollup/hour-column.ts';
import { tallyOf } from '../../../lambda/history/rollup/tally.ts';
import { itemSize, splitThreshold } from '../../../lambda/history/table/item-size.ts';
import type { Item } from '../../../lambda/history/table/table.ts';
import { arbitraryLag, arbitrarySample, healthy, refused } from '../samples.ts';

const hour = '2026-11-22T05';
function hourItem(target: string, hour: string, samples: readonly VantageSample[], ttl: number): Item {
  const vantages = new Set(samples.map(({ vantage }) => vantage));
  const columns = [...vantages].map((vantage) => {
    return [
      vantage,
      packColumn(
        samples.filter((each) => each.vantage === vantage),
        hour,
      ),
    ] as const;
  });
  return hourItemOf(target, hour, new Map(columns), ttl);
}

const overTheWire = (item: Item): Item => JSON.parse(JSON.stringify(item)) as Item;
const secondOf = (second: number) =>
  new Date(Date.parse(`${hour}:00:00Z`) + second * 1000).toISOString().replace('.000Z', 'Z');
const sampleAt = (vantage: string, minute: number, sample: RecordedSample): VantageSample => ({
  vantage,
  round: secondOf(minute * 60),
  sample,
});

const arbitrarySamples: fc.Arbitrary<readonly VantageSample[]> = fc.uniqueArray(
  fc
    .record({
      vantage: fc.constantFrom('us-east-1', 'eu-west-1', 'local'),
      round: fc.integer({ min: 0, max: 3599 }).map(secondOf),
      sample: arbitrarySample,
    })
    .chain((one) => arbitraryLag.map((lag) => ({ ...one, ...lag }))),
  { selector: ({ vantage, round }) => `${vantage} ${round}`, maxLength: 40 },
);

describe('an hour', () => {
  test('preserves every sample except its transcript', () => {
    fc.assert(
      fc.property(arbitrarySamples, (samples) => {
        const back = samplesOfHour(overTheWire(hourItem('mx1', hour, samples, 2_000_000_000)));
        const sorted = samples.toSorted((a, b) => (a.vantage + a.round < b.vantage + b.round ? -1 : 1));
        expect(back).toEqual(sorted.map((each) => ({ ...each, sample: { ...each.sample, transcript: [] } })));
      }),
    );
  });

  test('does not depend on the order or repetition of its rounds', () => {
    const shuffled = arbitrarySamples.chain((samples) =>
      fc.tuple(fc.constant(samples), fc.shuffledSubarray([...samples, ...samples], { minLength: samples.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, ([samples, other]) => {
        const text = (all: readonly VantageSample[]) =>
          JSON.stringify([
            hourItem('mx1', hour, all, 1),
            dayItem('mx1', '2026-11-22', [hourItem('mx1', hour, all, 1)]),
          ]);
        expect(text(other)).toBe(text(samples));
      }),
    );
  });

  test('an item as the console shows it', () => {
    const minutes = Array.from({ length: 60 }, (_, minute) => minute);
    const samples = minutes.map((minute) => sampleAt('eu-west-1', minute, minute < 57 ? healthy : refused));
    const { vantages } = hourItem('mx1', hour, samples, 2_000_000_000);
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

  test('with more replies than fit into an item keeps outcome, phase and code of each sample', () => {
    const detail = (n: number) => `${n} ${'x'.repeat(500)}`;
    const samples = Array.from({ length: 20 * 60 }, (_, n) =>
      sampleAt(`v${Math.floor(n / 60)}`, n % 60, { ...refused, detail: detail(n) }),
    );
    const item = hourItem('mx1', hour, samples, 2_000_000_000);
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

describe('summaries', () => {
  const samples = [
    sampleAt('a', 0, healthy),
    sampleAt('a', 1, { ...healthy, total: 200 }),
    sampleAt('a', 2, refused),
    sampleAt('b', 0, refused),
  ];

  test('of an hour and of a day with that hour alone are equal', () => {
    const item = hourItem('mx1', hour, samples, 1);
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

  test('of a day are computed from all its samples, in any order of its hours', () => {
    const hourly = fc.uniqueArray(fc.integer({ min: 10, max: 23 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(hourly, arbitrarySamples, (of, samples) => {
        const split = of.map((name) =>
          samples.map((each) => ({ ...each, round: each.round.replace('T05', `T${name}`) })),
        );
        const items = split.map((all, n) => overTheWire(hourItem('mx1', `2026-11-22T${of[n]}`, all, 1)));
        const { vantages } = summarizeItem(dayItem('mx1', '2026-11-22', items));
        const back = items.flatMap(samplesOfHour);
        const names = [...new Set(samples.map(({ vantage }) => vantage))].sort();
        const samplesOf = (name: string) => back.filter(({ vantage }) => vantage === name).map(({ sample }) => sample);
        expect(vantages).toEqual(Object.fromEntries(names.map((name) => [name, tallyOf(samplesOf(name))])));
        expect(dayItem('mx1', '2026-11-22', items.toReversed())).toEqual(dayItem('mx1', '2026-11-22', items));
      }),
    );
  });
});
