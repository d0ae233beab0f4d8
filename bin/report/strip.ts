import { span } from '../../lambda/alert/span.ts';
import { isoSeconds } from '../../lambda/round.ts';
import type { Availability } from './availability.ts';
import { type Day, daysOf } from './days.ts';

const WIDTH = 16;
const GAP = 3;
const HEIGHT = 30;
/** A minute of downtime is to be seen, too. */
const LOWEST = 5;

/** A bar for each day of the month as inline SVG; red rises with the share of the day that was down. */
export function stripOf(month: string, { spells, watched }: Availability): string {
  const days = daysOf(month, spells, watched);
  const bars = days.map((day, at) => bar(day, at * (WIDTH + GAP)));
  const width = days.length * (WIDTH + GAP) - GAP;
  return `<svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="day by day">${bars.join('')}</svg>`;
}

function bar(day: Day, x: number): string {
  const height = day.down === 0 ? 0 : Math.max(LOWEST, (day.down / day.watched) * HEIGHT);
  const red = height === 0 ? '' : rect('down', x, HEIGHT - height, height);
  return `<g><title>${titleOf(day)}</title>${rect(groundOf(day), x, 0, HEIGHT)}${red}</g>`;
}

function rect(kind: string, x: number, y: number, height: number): string {
  return `<rect class="${kind}" x="${x}" y="${y.toFixed(1)}" width="${WIDTH}" height="${height.toFixed(1)}" rx="2"/>`;
}

function groundOf({ watched, degraded, unknown }: Day): string {
  if (watched === 0) return 'blank';
  if (unknown >= watched) return 'unknown';
  return degraded > 0 ? 'degraded' : 'up';
}

function titleOf({ from, watched, down, degraded, unknown }: Day): string {
  const parts = Object.entries({ down, degraded, unknown }).filter(([, length]) => length > 0);
  const told = parts.map(([verdict, length]) => `${verdict} ${span(length)}`).join(', ');
  return `${isoSeconds(from).slice(0, 10)}: ${watched === 0 ? 'not watched' : told || 'up'}`;
}
