import type { TimeSpan } from '../source/rounds.ts';
import type { Uptime } from './uptime.ts';
import { clipToSpan, timeIn } from './verdict-periods.ts';

const DAY = 86_400_000;

/** One UTC day of a report. Lengths are in milliseconds. */
export interface Day {
  /** Start, in epoch milliseconds. */
  readonly from: number;
  readonly watched: number;
  /** Within the reported span only; neither the future nor the time before the span counts. */
  readonly unwatched: number;
  /** The parts of the day that were watched. */
  readonly parts: readonly TimeSpan[];
  readonly down: number;
  readonly degraded: number;
  readonly unknown: number;
}

type Reported = Pick<Uptime, 'span' | 'periods' | 'watched'>;

/**
 * Every day of a month, also days on which the target was not watched.
 * @param month `2026-10`
 */
export function daysOf(month: string, reported: Reported): readonly Day[] {
  const first = Date.parse(`${month}-01T00:00:00Z`);
  const start = new Date(first);
  const next = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);
  return Array.from({ length: (next - first) / DAY }, (_, at) => dayAt(first + at * DAY, reported));
}

function dayAt(from: number, { span, periods: all, watched: spans }: Reported): Day {
  const periods = clipToSpan(all, from, from + DAY);
  const parts = clip(spans, from, from + DAY);
  const watched = lengthOf(parts);
  return {
    from,
    watched,
    unwatched: lengthOf(clip([span], from, from + DAY)) - watched,
    parts,
    down: timeIn(periods, 'down'),
    degraded: timeIn(periods, 'degraded'),
    unknown: timeIn(periods, 'unknown'),
  };
}

function clip(spans: readonly TimeSpan[], from: number, to: number): readonly TimeSpan[] {
  return spans
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.to > span.from);
}

function lengthOf(spans: readonly TimeSpan[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}
