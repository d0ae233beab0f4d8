import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { durationText, millisecondsBetween } from '../../../lambda/alert/words/time-text.ts';
import type { Gap } from '../../../lambda/history/rollup/progress.ts';
import type { Page, PageComparison } from '../../../lambda/reports/replay/pages.ts';
import type { Clock } from '../../arguments/clock.ts';
import { grid } from '../layout/grid.ts';
import type { Screen } from '../layout/screen.ts';
import { rangeText, timeText } from '../layout/times.ts';
import { gapLines } from './gaps.ts';

/** The rounds that were judged anew. */
export interface ReplayComparison {
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly until: string;
  readonly rounds: number;
  /** ISO 8601 UTC; the history may be shorter. */
  readonly asked: { readonly since: string; readonly until: string };
  readonly gaps: readonly Gap[];
  /** Votes that make a quorum where every vantage may vote, under the present policy and the other one. */
  readonly quorums: readonly [present: string, other: string];
  /** Whatever they are called, both come to the same votes. */
  readonly samePolicy: boolean;
}

/** How many pages each policy has, and those that only one of them has. */
export function comparisonLines(
  { present, other, gained, lost }: PageComparison,
  replayed: ReplayComparison,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const { since, until, rounds, quorums } = replayed;
  const range = `${rounds} rounds from ${rangeText(since, until, clock, 'to')}`;
  return [
    `${screen.paint.bold(counted(present.length))} under the present policy (quorum ${quorums[0]}), ${screen.paint.bold(counted(other.length))} under the other (quorum ${quorums[1]})`,
    screen.paint.dim(range),
    ...remarks(replayed, gained.length + lost.length, clock).map(screen.paint.yellow),
    ...section('Gained: only the other policy pages', gained, clock, screen, screen.paint.green),
    ...section('Lost: only the present policy pages', lost, clock, screen, screen.paint.red),
  ];
}

const HOUR = 3_600_000;

/** What the figures alone would not say. */
function remarks(
  { since, asked, gaps, samePolicy }: ReplayComparison,
  changed: number,
  clock: Clock,
): readonly string[] {
  const late = Date.parse(since) - Date.parse(asked.since);
  return [
    ...(late > HOUR
      ? [`the history is shorter than asked: it begins ${durationText(late)} after ${timeText(asked.since, clock)}`]
      : []),
    ...gapLines(gaps, clock),
    ...(samePolicy ? ['both policies come to the same: with these vantages they need the same votes'] : []),
    ...(changed === 0 ? ['nothing gained, nothing lost: both page alike'] : []),
  ];
}

function counted(pages: number): string {
  return `${pages} ${pages === 1 ? 'page' : 'pages'}`;
}

function section(
  title: string,
  pages: readonly Page[],
  clock: Clock,
  screen: Screen,
  brush: (text: string) => string,
): readonly string[] {
  if (pages.length === 0) return [];
  const columns = [
    ...['TARGET', 'PAGED', 'LASTED'].map((name) => ({ title: name })),
    { title: 'REASON', shrinks: true as const },
  ];
  const indented = { ...screen, width: screen.width - 2 };
  const rows = pages.map(({ target, at, until, reason }) =>
    [safeText(target, 40), timeText(at, clock), lasted(at, until), safeText(reason, 160)].map((text) => ({ text })),
  );
  return ['', brush(`${title} (${pages.length})`), ...grid(columns, rows, indented).map((line) => `  ${line}`)];
}

function lasted(at: string, until: string | null): string {
  return until === null ? 'to the end' : durationText(millisecondsBetween(at, until) ?? 0);
}
