import { durationText } from '../../../lambda/alert/words/time-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { type Day, daysOf } from '../../../lambda/reports/uptime/days.ts';
import type { Uptime } from '../../../lambda/reports/uptime/uptime.ts';

const DAY = 86_400_000;
const WIDTH = 16;
const GAP = 3;
const HEIGHT = 30;
/** Minimum height, so that a minute of downtime is visible. */
const MIN_HEIGHT = 5;

/**
 * Inline SVG with a bar per day of the month. The bar is blank while the target was not watched, and its red part is as high as
 * the share of downtime.
 */
export function monthStrip(month: string, uptime: Uptime): string {
  const days = daysOf(month, uptime);
  const bars = days.map((day, at) => bar(day, at * (WIDTH + GAP)));
  const width = days.length * (WIDTH + GAP) - GAP;
  return `<svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="day by day">${bars.join('')}</svg>`;
}

function bar(day: Day, x: number): string {
  const height = day.down === 0 ? 0 : Math.max(MIN_HEIGHT, (day.down / day.watched) * HEIGHT);
  const blank = day.watched === DAY ? '' : rect('blank', { x, width: WIDTH }, HEIGHT);
  const parts = day.parts.map((part) => {
    const place = { x: x + ((part.from - day.from) / DAY) * WIDTH, width: ((part.to - part.from) / DAY) * WIDTH };
    return rect(backgroundOf(day), place, HEIGHT) + (height === 0 ? '' : rect('down', place, height));
  });
  return `<g><title>${titleOf(day)}</title>${blank}${parts.join('')}</g>`;
}

/** From the bottom up. */
function rect(kind: string, { x, width }: { readonly x: number; readonly width: number }, height: number): string {
  const [left, y] = [short(x), short(HEIGHT - height)];
  return `<rect class="${kind}" x="${left}" y="${y}" width="${short(width)}" height="${short(height)}" rx="2"/>`;
}

function short(length: number): string {
  return String(Math.round(length * 10) / 10);
}

function backgroundOf({ watched, degraded, unknown }: Day): string {
  if (unknown >= watched) return 'unknown';
  return degraded > 0 ? 'degraded' : 'up';
}

function titleOf({ from, watched, unwatched, down, degraded, unknown }: Day): string {
  const parts = Object.entries({ down, degraded, unknown, 'not watched': unwatched }).filter(
    ([, length]) => length > 0,
  );
  const text = parts.map(([verdict, length]) => `${verdict} ${durationText(length)}`).join(', ');
  return `${isoSeconds(from).slice(0, 10)}: ${watched === 0 ? 'not watched' : text || 'up'}`;
}
