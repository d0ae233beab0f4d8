import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import type { VantageSample } from '../../../lambda/history/packing/recorded-round.ts';
import { sessionOrder } from '../../../lambda/history/packing/round-packing.ts';
import { csv } from '../layout/csv.ts';
import { OUTCOMES } from '../layout/outcome-colours.ts';
import type { SummaryRow } from './hour-and-day-summaries.ts';

/** One JSON object per line. */
export function samplesAsJson(target: string, samples: readonly VantageSample[]): string {
  return samples.map(({ sample, ...named }) => `${asciiJson({ target, ...named, ...sample })}\n`).join('');
}

/** The header of `samplesAsCsv`. */
export const samplesCsvHeader = csv([
  ['round', 'target', 'vantage', 'outcome', 'phase', 'code', 'total', ...sessionOrder, 'address', 'reply', 'lag'],
]);

/** CSV of RFC 4180 with LF, without the header. Phase timings are in milliseconds. */
export function samplesAsCsv(target: string, samples: readonly VantageSample[]): string {
  const rows = samples.map(({ vantage, round, sample, lag }) => {
    const { outcome, phase, code, total, timings, address, reply } = sample;
    const phases = sessionOrder.map((name) => timings[name]);
    return [round, target, vantage, outcome, phase, code, total, ...phases, address, reply, lag];
  });
  return csv(rows);
}

/** One JSON object per line. */
export function summariesAsJson(rows: readonly SummaryRow[]): string {
  return rows.map((row) => `${asciiJson(row)}\n`).join('');
}

/** `hours` is the number of hours of a day with samples; empty if all had. `unwatched` is in seconds, of the target. */
export function summariesAsCsv(rows: readonly SummaryRow[]): string {
  const header = ['from', 'target', 'vantage', ...OUTCOMES, 'p50', 'p95', 'p99', 'hours', 'unwatched'];
  const lines = rows.map(({ from, target, vantage, counts, total, hours, unwatched }) => {
    const counted = OUTCOMES.map((outcome) => counts[outcome] ?? 0);
    return [from, target, vantage, ...counted, ...(total ?? ['', '', '']), hours, unwatched];
  });
  return csv([header, ...lines]);
}
