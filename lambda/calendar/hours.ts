/** Hours of the week, by the clock of a zone: an hour that the clock repeats counts twice, and one that it skips not at all. */
import { instantsOf, type LocalMinute, localMinute, nextTransition, weekdayOf } from './zone.ts';

/** Hours of the week in a time zone. */
export interface Hours {
  /** An IANA name. */
  readonly zone: string;
  /** Days as ISO 8601 numbers them, 1 for Monday, with minutes from midnight. `to` may be beyond 1440: over midnight. */
  readonly spans: readonly HourSpan[];
}

export interface HourSpan {
  readonly days: readonly number[];
  readonly from: number;
  readonly to: number;
}

const MINUTES_OF_DAY = 1440;
const DAYS_OF_WEEK = 7;

/** @param at epoch milliseconds */
export function isWithinHours(hours: Hours, at: number): boolean {
  const local = localMinute(at, hours.zone);
  return hours.spans.some((span) => isWithinSpan(span, local));
}

function isWithinSpan({ days, from, to }: HourSpan, { day, minute }: LocalMinute): boolean {
  // A span may begin some days before.
  for (let before = 0; before * MINUTES_OF_DAY < to; before++) {
    const since = minute + before * MINUTES_OF_DAY;
    if (days.includes(weekdayOf(day - before)) && since >= from && since < to) return true;
  }
  return false;
}

/**
 * The first time from `now` on that is within the hours: `now` itself if it is. Null if no time is, as of spans without days.
 * Whether a time is within changes at the ends of spans, and when the clock is changed.
 */
export function nextStart(hours: Hours, now: number): number | null {
  if (isWithinHours(hours, now)) return now;
  const { day } = localMinute(now, hours.zone);
  // Two weeks: a span of the first may be skipped.
  const days = Array.from({ length: 2 * DAYS_OF_WEEK + 2 }, (_, more) => day - 1 + more);
  const starts = days.flatMap((one) => startsOn(hours, one));
  const transition = nextTransition(now, hours.zone);
  const later = [...starts, ...(transition === null ? [] : [transition])].filter((at) => at > now);
  return later.sort((a, b) => a - b).find((at) => isWithinHours(hours, at)) ?? null;
}

function startsOn({ zone, spans }: Hours, day: number): readonly number[] {
  return spans
    .filter(({ days }) => days.includes(weekdayOf(day)))
    .flatMap(({ from }) => instantsOf({ day, minute: from }, zone));
}
