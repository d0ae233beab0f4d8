/** Counts and percentiles of samples. */
import type { Outcome, TimedPhase } from '../../smtp/sample/sample.ts';
import type { RecordedSample } from '../packing/recorded-round.ts';
import { isCount, isFields, isListOf, isMapOf, isNumber } from '../table/type-guards.ts';

/** The number of samples of each outcome. Outcomes without samples are omitted. */
export type Counts = Readonly<Partial<Record<Outcome, number>>>;

/** Milliseconds, by nearest rank. */
export type Percentiles = readonly [p50: number, p95: number, p99: number];

export interface Tally {
  readonly counts: Counts;
  /** Of the samples that passed or warned. The time of a failure does not measure the speed of the server. */
  readonly total: Percentiles | null;
  readonly phases: Readonly<Partial<Record<TimedPhase, Percentiles>>>;
}

/** The values that a tally is computed from. The measures of a day's hours make the tally of the day. */
export interface Measures {
  readonly counts: Counts;
  /** Milliseconds, of the samples that passed or warned. */
  readonly totals: readonly number[];
  readonly phases: readonly (readonly [TimedPhase, readonly number[]])[];
}

export function tallyOf(samples: readonly RecordedSample[]): Tally {
  return combineTallies([measuresOf(samples)]);
}

/** The tally of all measures, which may be in any order. */
export function combineTallies(all: readonly Measures[]): Tally {
  return {
    counts: sumOfCounts(all.map(({ counts }) => counts)),
    total: percentiles(joined(all.map(({ totals }) => totals))),
    phases: phasesOf(all.flatMap(({ phases }) => phases)),
  };
}

/** The tally without its phases. */
export function tallyWithoutPhases(samples: readonly RecordedSample[]): Omit<Tally, 'phases'> {
  return {
    counts: countsOf(samples),
    total: percentiles(samples.filter(({ outcome }) => isPassOrWarn(outcome)).map(({ total }) => total)),
  };
}

export function isPassOrWarn(outcome: Outcome): boolean {
  return outcome === 'pass' || outcome === 'warn';
}

function measuresOf(samples: readonly RecordedSample[]): Measures {
  const answered = samples.filter(({ outcome }) => isPassOrWarn(outcome));
  return {
    counts: countsOf(samples),
    totals: answered.map(({ total }) => total),
    phases: answered.flatMap(({ timings }) =>
      (Object.entries(timings) as [TimedPhase, number][]).map(([phase, time]) => [phase, [time]] as const),
    ),
  };
}

const outcomes: readonly Outcome[] = ['pass', 'warn', 'fail', 'unable'];

function countsOf(samples: readonly RecordedSample[]): Counts {
  return sumOfCounts(samples.map(({ outcome }) => ({ [outcome]: 1 })));
}

function sumOfCounts(all: readonly Counts[]): Counts {
  const sums = outcomes.map(
    (outcome) => [outcome, all.reduce((sum, counts) => sum + (counts[outcome] ?? 0), 0)] as const,
  );
  return Object.fromEntries(sums.filter(([, count]) => count > 0));
}

function phasesOf(all: Measures['phases']): Tally['phases'] {
  const times = new Map<TimedPhase, (readonly number[])[]>();
  for (const [phase, some] of all) {
    const known = times.get(phase);
    if (known === undefined) times.set(phase, [some]);
    else known.push(some);
  }
  // Sorted, so that the item does not depend on the order of the samples.
  const sorted = [...times].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    sorted.flatMap(([phase, some]) => {
      const found = percentiles(joined(some));
      return found === null ? [] : [[phase, found]];
    }),
  );
}

/** A day has tens of thousands of numbers: on them `flat` takes longer than all the rest. */
function joined(all: readonly (readonly number[])[]): Float64Array {
  const values = new Float64Array(all.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const some of all) {
    values.set(some, place);
    place += some.length;
  }
  return values;
}

export function percentiles(values: ArrayLike<number>): Percentiles | null {
  if (values.length === 0) return null;
  const sorted = new Float64Array(values).sort();
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return [rank(0.5), rank(0.95), rank(0.99)];
}

export function isCounts(value: unknown): value is Counts {
  return isMapOf(value, isCount);
}

export function isPercentiles(value: unknown): value is Percentiles {
  return isListOf(value, isNumber) && value.length === 3;
}

export function isTally(value: unknown): value is Tally {
  if (!isFields(value)) return false;
  const { counts, total, phases } = value;
  return isCounts(counts) && (total === null || isPercentiles(total)) && isMapOf(phases, isPercentiles);
}
