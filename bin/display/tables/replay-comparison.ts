import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { Gap } from '../../../lambda/history/rollup/progress.ts';
import type { MeasuredPage, PageComparison } from '../../../lambda/reports/replay/pages.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { grid } from '../layout/grid.ts';
import { counted } from '../layout/numbers.ts';
import type { Screen } from '../layout/screen.ts';
import { rangeText, timeText } from '../layout/times.ts';
import { wrapText } from '../layout/wrap.ts';
import { gapLines } from './history-gaps.ts';

/** What was replayed. */
export interface ReplayComparison {
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly until: string;
  readonly rounds: number;
  /** Milliseconds of the requested range in which no target was watched. */
  readonly unwatched: number;
  /** ISO 8601 UTC; the history can be shorter. */
  readonly requested: { readonly since: string; readonly until: string };
  readonly gaps: readonly Gap[];
  /** Votes that make a quorum if every vantage votes, under the current and the other policy. */
  readonly quorums: readonly [current: string, other: string];
  /** Whether both policies need the same votes. */
  readonly samePolicy: boolean;
}

/** The number of pages under each policy, and the pages that only one of them has. */
export function comparisonLines(
  { current, other, gained, lost }: PageComparison,
  replayed: ReplayComparison,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const { since, until, rounds, quorums } = replayed;
  const range = `${rounds} rounds from ${rangeText(since, until, clock, 'to')}`;
  const wrapped = (text: string) => wrapText(text, screen.width);
  return [
    `${screen.paint.bold(counted(current.length, 'page'))} under the current policy (quorum ${quorums[0]}),`,
    `${screen.paint.bold(counted(other.length, 'page'))} under the other (quorum ${quorums[1]})`,
    ...wrapped(range).map(screen.paint.dim),
    ...notes(replayed, gained.length + lost.length, clock)
      .flatMap(wrapped)
      .map(screen.paint.yellow),
    ...section('Gained: pages of the other policy only', gained, clock, screen, screen.paint.green),
    ...section('Lost: pages of the current policy only', lost, clock, screen, screen.paint.red),
  ];
}

const HOUR = 3_600_000;

/** Notes that explain the figures. */
function notes(
  { since, requested, unwatched, gaps, samePolicy }: ReplayComparison,
  changed: number,
  clock: Clock,
): readonly string[] {
  const late = Date.parse(since) - Date.parse(requested.since);
  return [
    ...(late > HOUR ? [`the history starts ${durationText(late)} after ${timeText(requested.since, clock)}`] : []),
    ...(unwatched > 0
      ? [`unwatched for ${durationText(unwatched)}: pages end where no vantage has a recent round`]
      : []),
    ...gapLines(gaps, clock),
    ...(samePolicy ? ['both policies are equal: with these vantages they need the same votes'] : []),
    ...(changed === 0 ? ['no page gained or lost'] : []),
  ];
}

function section(
  title: string,
  pages: readonly MeasuredPage[],
  clock: Clock,
  screen: Screen,
  paint: (text: string) => string,
): readonly string[] {
  if (pages.length === 0) return [];
  const columns = [
    ...['TARGET', 'PAGED', 'LASTED'].map((name) => ({ title: name })),
    { title: 'REASON', wraps: true as const },
  ];
  const indented = { ...screen, width: screen.width - 2 };
  const rows = pages.map(({ target, at, until, down, reason }) =>
    [safeText(target, 40), timeText(at, clock), lasted(down, until), safeText(reason, 160)].map((text) => ({ text })),
  );
  return ['', paint(`${title} (${pages.length})`), ...grid(columns, rows, indented).map((line) => `  ${line}`)];
}

function lasted(down: number, until: string | null): string {
  return until === null ? 'not ended' : durationText(down);
}
