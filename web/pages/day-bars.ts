/** The days of a target as bars. Days beside each other that look the same are one dashed line, so that 300 targets stay small. */

import { durationText } from '../../lambda/alert/words/time-text.ts';
import type { DaySnapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../markup/html.ts';
import { encodeDays, plannedLength } from './overview/encoded-days.ts';
import { countText, percentText } from './words.ts';

/** A bar and the space after it, as in `stroke-dasharray` of `.days`. */
const BAR = 6;
const STEP = 9;
const HEIGHT = 34;

type State = 'up' | 'degraded' | 'down' | 'unwatched';

/** How a bar looks: its colour, how high it is, and a sign at its foot. */
interface Look {
  readonly name: string;
  readonly height: number;
}

/** Null if no day is known. @param of what the days are of, for a screen reader */
export function dayBars(days: readonly DaySnapshot[], of: string): Html | null {
  if (days.length === 0) return null;
  const width = days.length * STEP - (STEP - BAR);
  const troubled = days.filter((day) => day.down > 0);
  const label = `${of}: ${countText(days.length, 'day')}, ${troubled.length} with downtime`;
  return html`<svg class="days" viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}" data-from="${days[0]?.date ?? ''}" data-days="${encodeDays(days)}">${linesOf(days)}</svg>`;
}

/** One path of all bars that look the same. */
function linesOf(days: readonly DaySnapshot[]): readonly Html[] {
  const paths = new Map<string, { readonly look: Look; readonly starts: string[]; last: number }>();
  for (const [nth, day] of days.entries()) {
    for (const look of looksOf(day)) {
      const key = `${look.name} ${look.height}`;
      const path = paths.get(key) ?? { look, starts: [], last: -2 };
      paths.set(key, path);
      if (path.last !== nth - 1) path.starts.push(`M${nth * STEP} ${HEIGHT - look.height / 2}`);
      else path.starts[path.starts.length - 1] = path.starts.at(-1)?.replace(/H.*/, '') ?? '';
      path.starts[path.starts.length - 1] += `H${nth * STEP + BAR}`;
      path.last = nth;
    }
  }
  return [...paths.values()].map(
    ({ look, starts }) => html`<path class="${look.name}" stroke-width="${look.height}" d="${starts.join('')}"/>`,
  );
}

/** Of a day of which less than half was seen, the bar is lower. Downtime has a dark foot, degraded a foot that is cut off. */
function looksOf(day: DaySnapshot): readonly Look[] {
  const { up, down, unwatched } = day;
  const name = stateOf(day);
  if (name === 'unwatched') return [{ name, height: 10 }];
  const height = up + down >= unwatched ? HEIGHT : 22;
  if (name === 'down')
    return [
      { name, height },
      { name: 'notch', height: 7 },
    ];
  return name === 'degraded'
    ? [
        { name, height },
        { name: 'gap', height: 9 },
        { name: 'degraded', height: 5 },
      ]
    : [{ name, height }];
}

function stateOf({ up, degraded, down }: DaySnapshot): State {
  if (up + down === 0) return 'unwatched';
  if (down > 0) return 'down';
  return degraded > 0 ? 'degraded' : 'up';
}

/** `2026-11-26 UTC: 99.95 %, down 40 s, 1 incident`. Days of the page are in UTC, other times in the zone of the reader. */
export function dayText(day: DaySnapshot): string {
  const { date, up, degraded, down, unwatched, incidents } = day;
  if (up + down === 0) return `${date} UTC: not watched`;
  const lengths = { down, degraded, 'not watched': unwatched, 'planned work': plannedLength(day) };
  const parts = Object.entries(lengths).flatMap(([what, length]) =>
    length > 0 ? [`${what} ${durationText(length)}`] : [],
  );
  const share = `${date} UTC: ${percentText((up / (up + down)) * 100)}`;
  return [share, ...parts, ...(incidents > 0 ? [countText(incidents, 'incident')] : [])].join(', ');
}
