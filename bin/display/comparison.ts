import { between, span } from '../../lambda/alert/span.ts';
import { shown } from '../../lambda/alert/visible.ts';
import type { Comparison, Page } from '../replay/pages.ts';
import { grid } from './grid.ts';
import type { Screen } from './screen.ts';
import { type Clock, timeText } from './times.ts';

/** The rounds that were judged anew. */
export interface Replayed {
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly until: string;
  readonly rounds: number;
  /** Votes that make a quorum where every vantage may vote, under the present policy and the other one. */
  readonly quorums: readonly [present: string, other: string];
}

/** How many pages each policy has, and those that only one of them has. */
export function comparisonLines(
  { present, other, gained, lost }: Comparison,
  { since, until, rounds, quorums }: Replayed,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const range = `${rounds} rounds from ${timeText(since, clock)} to ${timeText(until, clock)}`;
  return [
    `${screen.paint.bold(counted(present.length))} under the present policy (quorum ${quorums[0]}), ${screen.paint.bold(counted(other.length))} under the other (quorum ${quorums[1]})`,
    screen.paint.dim(range),
    ...section('Gained: only the other policy pages', gained, clock, screen, screen.paint.green),
    ...section('Lost: only the present policy pages', lost, clock, screen, screen.paint.red),
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
  const columns = ['TARGET', 'PAGED', 'LASTED', 'REASON'].map((name) => ({ title: name }));
  const rows = pages.map(({ target, at, until, reason }) =>
    [shown(target, 40), timeText(at, clock), lasted(at, until), shown(reason, 160)].map((text) => ({ text })),
  );
  return ['', brush(`${title} (${pages.length})`), ...grid(columns, rows, screen).map((line) => `  ${line}`)];
}

function lasted(at: string, until: string | null): string {
  return until === null ? 'to the end' : span(between(at, until) ?? 0);
}
