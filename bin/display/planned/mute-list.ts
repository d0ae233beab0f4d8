import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { PlannedScope } from '../../../lambda/calendar/planned-time.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { type Cell, type GridColumn, grid } from '../layout/grid.ts';
import type { Screen } from '../layout/screen.ts';
import { rangeText } from '../layout/times.ts';
import { scopeText } from './scope-text.ts';

/** A mute or a window. Times are epoch milliseconds. */
export interface MuteRow extends PlannedScope {
  readonly kind: 'window' | 'mute';
  readonly id: string;
  readonly why: string;
  readonly from: number;
  readonly until: number;
  readonly inForce: boolean;
  readonly by?: string;
  readonly endedBy?: string;
}

const COLUMNS: readonly GridColumn[] = [
  { title: 'ID' },
  { title: 'TARGETS', shrinks: true },
  { title: 'STATE' },
  { title: 'FROM, UNTIL', below: true },
  { title: 'WHY', below: true },
];

/** A line for each, what is in force first. */
export function muteLines(rows: readonly MuteRow[], clock: Clock, screen: Screen): readonly string[] {
  if (rows.length === 0) return ['nothing is muted, and no window is in the config'];
  const sorted = [...rows].sort((a, b) => Number(b.inForce) - Number(a.inForce));
  return grid(
    COLUMNS,
    sorted.map((row) => cellsOf(row, clock, screen)),
    screen,
  );
}

function cellsOf(row: MuteRow, clock: Clock, { paint }: Screen): readonly Cell[] {
  const by = row.by === undefined ? '' : `, ${safeText(row.by, 40)}`;
  return [
    { text: safeText(row.id, 63), paint: paint.bold },
    { text: safeText(scopeText(row), 200) },
    { text: stateText(row, clock), paint: row.inForce ? paint.yellow : paint.dim },
    { text: rangeText(isoSeconds(row.from), isoSeconds(row.until), clock) },
    { text: `${safeText(row.why, 200)}${by}` },
  ];
}

function stateText({ kind, inForce, from, until, endedBy }: MuteRow, { now }: Clock): string {
  if (inForce) return `${kind === 'mute' ? 'muted' : 'in force'}, ${durationText(until - now)} left`;
  if (from > now) return `in ${durationText(from - now)}`;
  return endedBy === undefined ? 'over' : `ended by ${safeText(endedBy, 40)}`;
}
