import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  combineSketches,
  packSketch,
  percentilesOf,
  sketchOf,
  unpackSketch,
} from '../../../lambda/history/rollup/latency-sketch.ts';
import { percentiles } from '../../../lambda/history/rollup/tally.ts';

const times = fc.array(fc.double({ min: 0.1, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 });

test('percentiles of combined days are exact to 2 %', () => {
  fc.assert(
    fc.property(fc.array(times, { minLength: 1, maxLength: 5 }), (days) => {
      const stored = days.map((day) => unpackSketch(packSketch(sketchOf(day))));
      const found = percentilesOf(combineSketches(stored)) ?? [];
      const exact = percentiles(days.flat()) ?? [];
      for (const [at, time] of found.entries()) expect(Math.abs(time / (exact[at] ?? 0) - 1)).toBeLessThanOrEqual(0.02);
    }),
  );
});

test('no value, no percentiles', () => {
  expect(percentilesOf(unpackSketch(packSketch(sketchOf([]))))).toBeNull();
});
