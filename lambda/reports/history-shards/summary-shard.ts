/** Makes shards of hours and days. */
import { packNumbers } from '../../history/packing/column-packing.ts';
import { roundMilliseconds } from '../../history/packing/round-packing.ts';
import type { TargetSummary } from '../../history/rollup/hour-and-day-items.ts';
import { type LatencySketch, percentilesOf } from '../../history/rollup/latency-sketch.ts';
import type { Percentiles, Tally } from '../../history/rollup/tally.ts';
import type { Outcome, TimedPhase } from '../../smtp/sample/sample.ts';
import type { PercentileColumns, SummaryColumns, SummaryShard } from './shard.ts';

/** An hour or a day: its tallies, and the latencies at all vantages; null if an older version wrote it without them. */
export type ShardRow = Pick<TargetSummary, 'span' | 'vantages'> & { readonly sketch: LatencySketch | null };

const OUTCOMES: readonly Outcome[] = ['pass', 'warn', 'fail', 'unable'];

/** @param rows oldest first */
export function summaryColumns(rows: readonly ShardRow[]): Pick<SummaryShard, 'spans' | 'vantages' | 'all'> {
  const vantages = [...new Set(rows.flatMap((row) => Object.keys(row.vantages)))].sort();
  const all = rows.map(({ sketch }) => (sketch === null ? null : percentilesOf(sketch)));
  return {
    spans: rows.map(({ span }) => span),
    vantages: Object.fromEntries(
      vantages.map((vantage) => [vantage, columnsOfTallies(rows.map((row) => row.vantages[vantage]))]),
    ),
    all: percentileColumns(all),
  };
}

function columnsOfTallies(tallies: readonly (Tally | undefined)[]): SummaryColumns {
  const phases = [...new Set(tallies.flatMap((tally) => Object.keys(tally?.phases ?? {})))] as TimedPhase[];
  const counts = OUTCOMES.map((outcome) => [outcome, tallies.map((tally) => tally?.counts[outcome] ?? 0)] as const);
  return {
    ...percentileColumns(tallies.map((tally) => tally?.total ?? null)),
    counts: Object.fromEntries(counts.filter(([, all]) => all.some((count) => count > 0))),
    phases: Object.fromEntries(
      phases.sort().map((phase) => [phase, packed(tallies.map((tally) => tally?.phases[phase]?.[0] ?? null))]),
    ),
  };
}

function percentileColumns(all: readonly (Percentiles | null)[]): PercentileColumns {
  return { p50: packed(all.map((one) => one?.[0] ?? null)), p95: packed(all.map((one) => one?.[1] ?? null)) };
}

function packed(values: readonly (number | null)[]): string {
  return packNumbers(values.map((value) => (value === null ? null : roundMilliseconds(value))));
}
