import type { Outcome, TimedPhase } from '../smtp/sample.ts';
import type { RecordedSample } from './history.ts';

/** How many samples of each outcome; those that there were none of are left out. */
export type Counts = Readonly<Partial<Record<Outcome, number>>>;

/** Milliseconds, by nearest rank. */
export type Percentiles = readonly [p50: number, p95: number, p99: number];

export interface Tally {
  readonly counts: Counts;
  /** Of the samples that passed or warned: a failure's time says when it was given up, not how fast the server is. */
  readonly total: Percentiles | null;
  readonly phases: Readonly<Partial<Record<TimedPhase, Percentiles>>>;
}

export function tallyOf(samples: readonly RecordedSample[]): Tally {
  return { ...outlineOf(samples), phases: phasesOf(samples.filter(served)) };
}

/** The tally without its phases. */
export function outlineOf(samples: readonly RecordedSample[]): Omit<Tally, 'phases'> {
  return { counts: countsOf(samples), total: percentiles(samples.filter(served).map(({ total }) => total)) };
}

function served({ outcome }: RecordedSample): boolean {
  return outcome === 'pass' || outcome === 'warn';
}

const outcomes: readonly Outcome[] = ['pass', 'warn', 'fail', 'unable'];

function countsOf(samples: readonly RecordedSample[]): Counts {
  const counted = outcomes.map(
    (outcome) => [outcome, samples.filter((each) => each.outcome === outcome).length] as const,
  );
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}

function phasesOf(samples: readonly RecordedSample[]): Tally['phases'] {
  const times = new Map<TimedPhase, number[]>();
  for (const { timings } of samples) {
    for (const [phase, time] of Object.entries(timings) as [TimedPhase, number][]) {
      const known = times.get(phase);
      if (known === undefined) times.set(phase, [time]);
      else known.push(time);
    }
  }
  // Sorted, so that the item does not depend on which sample came first.
  return Object.fromEntries(
    [...times].sort(([a], [b]) => (a < b ? -1 : 1)).map(([phase, all]) => [phase, percentiles(all)]),
  );
}

export function percentiles(values: readonly number[]): Percentiles | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return [rank(0.5), rank(0.95), rank(0.99)];
}
