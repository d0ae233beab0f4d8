import type { Verdict } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import { counted } from '../layout/numbers.ts';
import type { Board } from './board.ts';

export interface HourlySummary {
  /** A line after the first round, and after the first round of each hour. */
  afterRound(board: Board, changes: number): readonly string[];
  /** Counts changes that were seen between two rounds. */
  count(changes: number): void;
}

const ORDER: readonly Verdict[] = ['up', 'degraded', 'down', 'unknown'];
const MOST_NAMES = 10;

/** Shows that the monitor runs, even if nothing changes for days. */
export function openHourlySummary(): HourlySummary {
  let hour: string | null = null;
  let since = { rounds: 0, changes: 0 };
  return {
    count: (changes) => {
      since = { ...since, changes: since.changes + changes };
    },
    afterRound: (board, changes) => {
      since = { rounds: since.rounds + 1, changes: since.changes + changes };
      const thisHour = board.round.slice(0, 13);
      if (thisHour === hour) return [];
      const line = summaryLine(board, hour === null ? null : since);
      hour = thisHour;
      since = { rounds: 0, changes: 0 };
      return [line];
    },
  };
}

/** `07:00:00 UTC  round 121: 3 targets: 2 up, 1 down (mx1); since the last summary 120 rounds, 2 changes` */
function summaryLine({ round, number, rows }: Board, since: { rounds: number; changes: number } | null): string {
  const counts = ORDER.flatMap((verdict) => {
    const targets = rows.filter(({ judgement }) => (judgement?.verdict ?? 'unknown') === verdict);
    return targets.length === 0 ? [] : [`${targets.length} ${verdict}${verdict === 'up' ? '' : names(targets)}`];
  });
  const all = `${counted(rows.length, 'target')}: ${counts.join(', ')}`;
  const past =
    since === null
      ? ''
      : `; since the last summary ${counted(since.rounds, 'round')}, ${counted(since.changes, 'change')}`;
  return `${round.slice(11, 19)} UTC  round ${number}: ${all}${past}`;
}

function names(rows: Board['rows']): string {
  const shown = rows.slice(0, MOST_NAMES).map(({ target }) => target);
  const rest = rows.length - shown.length;
  return ` (${[...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ')})`;
}

/** `1 round`, `2 rounds` */
