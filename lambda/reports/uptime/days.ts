import type { TimeSpan } from '../source/rounds.ts';
import type { Uptime } from './uptime.ts';
import { clipToSpan, timeIn } from './verdict-periods.ts';

const DAY = 86_400_000;

/** A day of UTC, and what it was like: lengths in milliseconds. */
export interface Day {
  /** Epoch milliseconds of its beginning. */
  readonly from: number;
  readonly watched: number;
  /** Of the time that is reported; neither what is yet to come nor what is before it. */
  readonly unwatched: number;
  /** The parts of the day that were watched. */
  readonly parts: readonly TimeSpan[];
  readonly down: number;
  readonly degraded: number;
  readonly unknown: number;
}

type Reported = Pick<Uptime, 'span' | 'periods' | 'watched'>;

/**
 * Every day of a month, whether or not the target was watched in it.
 * @param month `2026-10`
 */
export function daysOf(month: string, reported: Reported): readonly Day[] {
  const first = Date.parse(`${month}-01T00:00:00Z`);
  const begun = new Date(first);
  const next = Date.UTC(begun.getUTCFullYear(), begun.getUTCMonth() + 1, 1);
  return Array.from({ length: (next - first) / DAY }, (_, at) => dayFrom(first + at * DAY, reported));
}

function dayFrom(from: number, { span, periods: all, watched: spans }: Reported): Day {
  const periods = clipToSpan(all, from, from + DAY);
  const parts = cut(spans, from, from + DAY);
  const watched = lengthOf(parts);
  return {
    from,
    watched,
    unwatched: lengthOf(cut([span], from, from + DAY)) - watched,
    parts,
    down: timeIn(periods, 'down'),
    degraded: timeIn(periods, 'degraded'),
    unknown: timeIn(periods, 'unknown'),
  };
}

function cut(spans: readonly TimeSpan[], from: number, to: number): readonly TimeSpan[] {
  return spans
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.to > span.from);
}

function lengthOf(spans: readonly TimeSpan[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}
