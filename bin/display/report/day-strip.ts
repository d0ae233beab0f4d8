import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { Observed } from '../../../lambda/reports/source/up-down-unwatched.ts';
import { type Day, daysOf } from '../../../lambda/reports/uptime/days.ts';
import type { Uptime } from '../../../lambda/reports/uptime/uptime.ts';
import type { ReportRange } from '../../arguments/report-range.ts';
import { timeParts } from '../layout/times.ts';

const WIDTH = 16;
const GAP = 3;
const HEIGHT = 30;
/** Minimum height, so that a minute of downtime, or a day that was watched for a minute, is visible. */
const MIN_HEIGHT = 5;

/** The states in a bar, from the bottom up. */
const STATES = ['down', 'degraded', 'up', 'unwatched'] as const satisfies readonly Observed[];

/**
 * Inline SVG with a bar per day, week or month. Each bar is divided from the bottom up into the shares of its time: down,
 * degraded, up, unwatched. Time that is not in the report, such as the days to come, is blank.
 */
export function dayStrip({ parts, part, clock }: ReportRange, uptime: Pick<Uptime, 'span' | 'stretches'>): string {
  const days = daysOf(parts, uptime);
  const bars = days.map((day, at) => bar(day, at * (WIDTH + GAP), `${titleOf(day, clock, part)}`));
  const width = days.length * (WIDTH + GAP) - GAP;
  return `<svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${part} by ${part}">${bars.join('')}</svg>`;
}

function bar(day: Day, x: number, title: string): string {
  const shares = sharesOf(day);
  let top = HEIGHT;
  const rects = shares.map(({ state, height }) => {
    top -= height;
    return rect(state, x, top, height);
  });
  return `<g><title>${title}</title>${rects.length === 0 ? rect('blank', x, 0, HEIGHT) : rects.join('')}</g>`;
}

interface Share {
  readonly state: Observed;
  readonly height: number;
}

/** Heights that together are the height of the bar. A state that occurred is never lower than the minimum. */
function sharesOf({ up, degraded, down, unwatched, reported }: Day): readonly Share[] {
  const lengths = { down, degraded, up: up - degraded, unwatched };
  const present = STATES.filter((state) => lengths[state] > 0);
  const free = HEIGHT - present.length * MIN_HEIGHT;
  return present.map((state) => ({ state, height: MIN_HEIGHT + (lengths[state] / reported) * free }));
}

function rect(kind: Observed | 'blank', x: number, y: number, height: number): string {
  return `<rect class="${kind}" x="${x}" y="${short(y)}" width="${WIDTH}" height="${short(height)}"/>`;
}

function short(length: number): string {
  return String(Math.round(length * 10) / 10);
}

/** `2026-11-22: down 12 min, unwatched 1 h`. */
function titleOf(day: Day, clock: ReportRange['clock'], part: ReportRange['part']): string {
  const { from, up, down, degraded, unwatched, reported } = day;
  const date = timeParts(from, clock)?.date ?? '';
  const name = part === 'day' ? date : `${part} from ${date}`;
  if (reported === 0) return `${name}: not in the report`;
  const parts = Object.entries({ down, degraded, unwatched }).filter(([, length]) => length > 0);
  const text = parts.map(([state, length]) => `${state} ${durationText(length)}`).join(', ');
  return `${name}: ${up + down === 0 ? 'unwatched' : text || 'up'}`;
}
