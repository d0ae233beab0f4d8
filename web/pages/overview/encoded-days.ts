/**
 * Days as a short text, from which the script of the page makes the words of a bar: `80 5- 86000,0,400,0,1,0 3` are 80 days that
 * were up, five that were not watched, one with its figures in seconds (up, degraded, down, not watched, its incidents, planned), and
 * three days up.
 */

import type { DaySnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';

const DAY = 86_400_000;

export function encodeDays(days: readonly DaySnapshot[]): string {
  const runs: { readonly kind: string; count: number }[] = [];
  for (const day of days) {
    const kind = kindOf(day);
    const last = runs.at(-1);
    if (last?.kind === kind && !kind.includes(',')) last.count++;
    else runs.push({ kind, count: 1 });
  }
  return runs.map(({ kind, count }) => (kind.includes(',') ? kind : `${count}${kind}`)).join(' ');
}

/** Empty for a day that was up, `-` for one that was not watched, else its figures. */
function kindOf(day: DaySnapshot): string {
  const { up, degraded, down, unwatched, incidents } = day;
  if (up + down === 0) return '-';
  const planned = plannedLength(day);
  if (degraded + down + unwatched + incidents + planned === 0) return '';
  const [first, ...lengths] = [up, degraded, down, unwatched].map(seconds);
  return [first, ...lengths, incidents, seconds(planned)].join(',');
}

function seconds(length: number): number {
  return Math.floor(length / 1000);
}

/** How long work was planned on a day. */
export function plannedLength({ planned }: Pick<DaySnapshot, 'planned'>): number {
  return planned === null ? 0 : planned.up + planned.down + planned.unwatched;
}

/** The days of a text of `encodeDays`. A day that was up, or not watched, counts as a whole one. @param from `2026-11-26` */
export function decodeDays(text: string, from: string): readonly DaySnapshot[] {
  const figures = text.split(' ').flatMap((run) => daysOfRun(run));
  return figures.map((day, nth) => ({
    date: new Date(Date.parse(from) + nth * DAY).toISOString().slice(0, 10),
    ...day,
  }));
}

type Figures = Omit<DaySnapshot, 'date'>;

const UP: Figures = { up: DAY, degraded: 0, down: 0, unwatched: 0, incidents: 0, planned: null };
const UNWATCHED: Figures = { ...UP, up: 0, unwatched: DAY };

function daysOfRun(run: string): readonly Figures[] {
  if (!run.includes(',')) {
    const day = run.endsWith('-') ? UNWATCHED : UP;
    return Array.from({ length: Number.parseInt(run, 10) || 0 }, () => day);
  }
  const [up = 0, degraded = 0, down = 0, unwatched = 0, incidents = 0, planned = 0] = run.split(',').map(Number);
  return [
    {
      up: up * 1000,
      degraded: degraded * 1000,
      down: down * 1000,
      unwatched: unwatched * 1000,
      incidents,
      planned: planned === 0 ? null : { up: planned * 1000, degraded: 0, down: 0, unwatched: 0 },
    },
  ];
}
