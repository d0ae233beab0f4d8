/** 90 days of a target as bars. */

import { durationText } from '../../lambda/alert/words/time-text.ts';
import type { DaySnapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../markup/html.ts';
import { percentText } from './words.ts';

const WIDTH = 6;
const GAP = 3;
const HEIGHT = 34;

type State = 'up' | 'degraded' | 'down' | 'unwatched';

/** Null if no day is known. */
export function dayBars(days: readonly DaySnapshot[]): Html | null {
  if (days.length === 0) return null;
  const width = days.length * (WIDTH + GAP) - GAP;
  const troubled = days.filter((day) => day.down > 0);
  const label = `${days.length} days, ${troubled.length} with downtime`;
  return html`<svg class="days" viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">${days.map((day, nth) => bar(day, nth * (WIDTH + GAP)))}</svg>`;
}

/** The worst of a day is its colour, and how tall the bar is says how much of the day was seen. Downtime is also a notch. */
function bar(day: DaySnapshot, x: number): Html {
  const state = stateOf(day);
  const seen = day.up + day.down + day.unwatched === 0 ? 0 : (day.up + day.down) / (day.up + day.down + day.unwatched);
  const height = state === 'unwatched' ? HEIGHT : Math.max(14, Math.round(seen * HEIGHT));
  const notch =
    state === 'down' ? html`<rect class="notch" x="${x}" y="${HEIGHT - 5}" width="${WIDTH}" height="5"/>` : null;
  return html`<g><title>${dayText(day)}</title><rect class="${state}" x="${x}" y="${HEIGHT - height}" width="${WIDTH}" height="${height}" rx="1"/>${notch}</g>`;
}

function stateOf({ up, degraded, down }: DaySnapshot): State {
  if (up + down === 0) return 'unwatched';
  if (down > 0) return 'down';
  return degraded > 0 ? 'degraded' : 'up';
}

/** `2026-11-26: 99.95 %, down 40 s, 1 incident`. */
export function dayText({ date, up, degraded, down, unwatched, incidents }: DaySnapshot): string {
  if (up + down === 0) return `${date}: not watched`;
  const parts = [
    `${date}: ${percentText((up / (up + down)) * 100)}`,
    ...(down > 0 ? [`down ${durationText(down)}`] : []),
    ...(degraded > 0 ? [`degraded ${durationText(degraded)}`] : []),
    ...(unwatched > 0 ? [`not watched ${durationText(unwatched)}`] : []),
    ...(incidents > 0 ? [`${incidents} ${incidents === 1 ? 'incident' : 'incidents'}`] : []),
  ];
  return parts.join(', ');
}
