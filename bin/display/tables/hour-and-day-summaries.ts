import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { SampleQuery } from '../../../lambda/reports/samples/sample-query-and-default-step.ts';
import type { PeriodSummary, VantageSummary } from '../../../lambda/reports/samples/summaries.ts';
import { clipStretches, observedTimes, type Stretch } from '../../../lambda/reports/source/up-down-unwatched.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
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
  /** Seconds of the hour or day in which the target was unwatched, within the requested time. */
  readonly unwatched: number;
}

/** One row per period and vantage, oldest first, then in the order of `vantages`. */
export function summaryRows(
  summaries: readonly PeriodSummary[],
  vantages: readonly string[],
  stretches: readonly Stretch[],
): readonly SummaryRow[] {
  return summaries.flatMap(({ target, span, vantages: tallies, hours }) => {
    const [from, length] = span.includes('T') ? [`${span}:00:00Z`, HOUR] : [`${span}T00:00:00Z`, 24 * HOUR];
    const start = Date.parse(from);
    const { unwatched } = observedTimes(clipStretches(stretches, { from: start, to: start + length }));
    return vantages.flatMap((vantage) => {
      const tally = tallies[vantage];
      if (tally === undefined) return [];
      const { counts, total } = tally;
      const more = hours === undefined ? {} : { hours };
      return [{ target, vantage, from, counts, total, unwatched: unwatched / 1000, ...more }];
    });
  });
}

const HOUR = 3_600_000;

export function summaryLines(
  rows: readonly SummaryRow[],
  { target, since, until }: SampleQuery,
  step: 'hour' | 'day',
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const range = rangeText(since, until, clock, 'to');
  if (rows.length === 0) return [`no sample of ${safeText(target)} from ${range}`];
  const figures = [...OUTCOMES, 'p50', 'p95', 'p99', 'unwatched'].map((title) => ({ title, align: 'right' as const }));
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
  { from, vantage, counts, total, hours, unwatched }: SummaryRow,
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
    { text: unwatched === 0 ? '' : durationText(unwatched * 1000) },
  ];
}
