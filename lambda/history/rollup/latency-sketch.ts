/**
 * The distribution of latencies in a bounded space: counts of values by size, each size 4 % above the one before. Percentiles
 * of days can be combined in this form, and are exact to 2 %.
 */
import type { Percentiles } from './tally.ts';

/** Number of values by size. */
export type LatencySketch = ReadonlyMap<number, number>;

const STEP = Math.log(1.04);

/** @param values milliseconds */
export function sketchOf(values: Iterable<number>): LatencySketch {
  const sketch = new Map<number, number>();
  for (const value of values) {
    const size = Math.round(Math.log(Math.max(value, 0.1)) / STEP);
    sketch.set(size, (sketch.get(size) ?? 0) + 1);
  }
  return sketch;
}

export function combineSketches(all: Iterable<LatencySketch>): LatencySketch {
  const sum = new Map<number, number>();
  for (const sketch of all) for (const [size, count] of sketch) sum.set(size, (sum.get(size) ?? 0) + count);
  return sum;
}

/** By nearest rank; null without values. */
export function percentilesOf(sketch: LatencySketch): Percentiles | null {
  const sizes = [...sketch].sort(([a], [b]) => a - b);
  const total = sizes.reduce((sum, [, count]) => sum + count, 0);
  const rank = (share: number): number => {
    let left = Math.max(1, Math.ceil(share * total));
    const found = sizes.find(([, count]) => {
      left -= count;
      return left <= 0;
    });
    return Math.exp((found?.[0] ?? 0) * STEP);
  };
  return total === 0 ? null : [rank(0.5), rank(0.95), rank(0.99)];
}

/** `118*12 119*40 121`: each size with its count, smallest first. */
export function packSketch(sketch: LatencySketch): string {
  const sizes = [...sketch].sort(([a], [b]) => a - b);
  return sizes.map(([size, count]) => (count === 1 ? String(size) : `${size}*${count}`)).join(' ');
}

export function unpackSketch(text: string): LatencySketch {
  const words = text === '' ? [] : text.split(' ');
  return new Map(
    words.map((word) => {
      const [size = '', count = '1'] = word.split('*');
      return [Number(size), Number(count)];
    }),
  );
}
