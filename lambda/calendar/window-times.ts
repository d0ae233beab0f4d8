/** When a maintenance window is in force: once, or each week or month. */
import { dateOf, instantOf, localMinute, weekdayOf } from './zone.ts';

/** A span of time; epoch milliseconds, without its end. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The days on which a window begins. Weekdays are numbered as in ISO 8601, 1 for Monday. */
export type DayRule =
  | { readonly kind: 'weekdays'; readonly days: readonly number[] }
  /** A month without this date has none. */
  | { readonly kind: 'date'; readonly date: number }
  | { readonly kind: 'last day' }
  /** The first to the fourth of the month, or the last. */
  | { readonly kind: 'weekday of month'; readonly weekday: number; readonly which: 1 | 2 | 3 | 4 | 'last' };

/** The end by the clock in minutes from midnight of the day on which it begins, or by its length in milliseconds. */
export type WindowEnd = { readonly to: number } | { readonly length: number };

export interface WindowStart {
  readonly on: DayRule;
  /** Minutes from midnight. */
  readonly at: number;
  readonly end: WindowEnd;
}

export type WindowTimes =
  | ({ readonly kind: 'once' } & Span)
  | { readonly kind: 'recurring'; readonly zone: string; readonly starts: readonly WindowStart[] };

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The spans that overlap the time from `from` until `until`, oldest first. They are not cut off. */
export function spansOf(times: WindowTimes, from: number, until: number): readonly Span[] {
  const overlaps = (span: Span) => span.from < until && span.until > from && span.until > span.from;
  switch (times.kind) {
    case 'once':
      return [{ from: times.from, until: times.until }].filter(overlaps);
    case 'recurring':
      return times.starts
        .flatMap((start) => startsBetween(start, times.zone, from, until))
        .filter(overlaps)
        .sort((a, b) => a.from - b.from || a.until - b.until);
    default:
      return times satisfies never;
  }
}

function startsBetween(start: WindowStart, zone: string, from: number, until: number): readonly Span[] {
  // A day more on both sides: clocks differ from UTC, and are changed.
  const first = localMinute(from - wallLength(start) - DAY, zone).day;
  const last = localMinute(until, zone).day + 1;
  const days = Array.from({ length: Math.max(0, last - first + 1) }, (_, more) => first + more);
  return days.filter((day) => isOn(start.on, day)).map((day) => spanOn(start, day, zone));
}

/** Milliseconds as the clock counts them, if it is not changed. */
export function wallLength({ at, end }: WindowStart): number {
  return 'length' in end ? end.length : (end.to - at) * MINUTE;
}

/** A window whose start is skipped begins later and keeps its length. Else it ends when the clock shows its end. */
function spanOn(start: WindowStart, day: number, zone: string): Span {
  const { at, isSkipped } = instantOf({ day, minute: start.at }, zone);
  if ('length' in start.end || isSkipped) return { from: at, until: at + wallLength(start) };
  return { from: at, until: instantOf({ day, minute: start.end.to }, zone).at };
}

function isOn(rule: DayRule, day: number): boolean {
  switch (rule.kind) {
    case 'weekdays':
      return rule.days.includes(weekdayOf(day));
    case 'date':
      return dateOf(day).date === rule.date;
    case 'last day':
      return dateOf(day).date === dateOf(day).daysInMonth;
    case 'weekday of month':
      return weekdayOf(day) === rule.weekday && isWhich(rule.which, day);
    default:
      return rule satisfies never;
  }
}

function isWhich(which: 1 | 2 | 3 | 4 | 'last', day: number): boolean {
  const { date, daysInMonth } = dateOf(day);
  return which === 'last' ? date > daysInMonth - 7 : Math.ceil(date / 7) === which;
}
