import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { SampleQuery } from '../../../lambda/reports/samples/sample-query.ts';
import type { PeriodSummary, VantageSummary } from '../../../lambda/reports/samples/summaries.ts';
import type { Clock } from '../../arguments/clock.ts';
import { type Cell, grid } from '../layout/grid.ts';
import { colourText, OUTCOMES } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';
import { rangeText, timeText } from '../layout/times.ts';
import { wrapText } from '../layout/wrap.ts';

/** An hour or a day of one vantage. */
export interface SummaryRow extends VantageSummary {
  readonly target: string;
  readonly vantage: string;
  /** ISO 8601 UTC. */
  readonly from: string;
  /** For a day: how many of its hours had samples; absent if all had. */
  readonly hours?: number;
}

/** One row per period and vantage, oldest first, then in the order of `vantages`. */
export function summaryRows(summaries: readonly PeriodSummary[], vantages: readonly string[]): readonly SummaryRow[] {
  return summaries.flatMap(({ target, span, vantages: tallies, hours }) =>
    vantages.flatMap((vantage) => {
      const tally = tallies[vantage];
      const from = span.includes('T') ? `${span}:00:00Z` : `${span}T00:00:00Z`;
      if (tally === undefined) return [];
      const { counts, total } = tally;
      return [{ target, vantage, from, counts, total, ...(hours === undefined ? {} : { hours }) }];
    }),
  );
}

export function summaryLines(
  rows: readonly SummaryRow[],
  { target, since, until }: SampleQuery,
  step: 'hour' | 'day',
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const range = rangeText(since, until, clock, 'to');
  if (rows.length === 0) return [`no sample of ${safeText(target)} from ${range}`];
  const figures = [...OUTCOMES, 'p50', 'p95', 'p99'].map((title) => ({ title, align: 'right' as const }));
  const columns = [{ title: step === 'day' ? 'DAY (UTC)' : 'FROM' }, { title: 'VANTAGE' }, ...figures];
  const table = grid(
    columns,
    rows.map((row) => rowCells(row, step, clock, screen)),
    screen,
  );
  const note = `samples by outcome, and percentiles of total milliseconds; from ${range}`;
  return [...table, '', ...wrapText(note, screen.width).map(screen.paint.dim)];
}

/** A day is printed without a time, because days are always UTC. */
function rowCells(
  { from, vantage, counts, total, hours }: SummaryRow,
  step: 'hour' | 'day',
  clock: Clock,
  { paint }: Screen,
): readonly Cell[] {
  return [
    {
      text: `${step === 'day' ? from.slice(0, 10) : timeText(from, clock)}${hours === undefined ? '' : ` (${hours} of 24 h)`}`,
    },
    { text: safeText(vantage, 40) },
    ...OUTCOMES.map((outcome) => ({
      text: counts[outcome] === undefined ? '' : String(counts[outcome]),
      paint: (padded: string) => colourText(outcome, padded, paint),
    })),
    ...(total ?? [null, null, null]).map((time) => ({ text: time === null ? '' : String(Math.round(time)) })),
  ];
}
