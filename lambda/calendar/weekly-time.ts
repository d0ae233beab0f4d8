/** One time of the week by the clock of a zone, each week or every few weeks. */
import { instantOf, localMinute, weekdayOf } from './zone.ts';

export interface WeeklyTime {
  /** An IANA name. */
  readonly zone: string;
  /** As ISO 8601 numbers it, 1 for Monday. */
  readonly weekday: number;
  /** From midnight, as the clock shows it. */
  readonly minute: number;
  /** 1: each week. */
  readonly weeks: number;
}

/** A message at a time of the week that asks for an acknowledgement. */
export interface DrillSettings {
  readonly time: WeeklyTime;
  /** Milliseconds for which an acknowledgement is waited for. */
  readonly within: number;
}

const DAYS_OF_WEEK = 7;

/**
 * The last such time until `now`, epoch milliseconds. A time that the clock repeats is the first of the two, and one that it
 * skips is moved on by as much as the clock: there is exactly one in each of its weeks.
 */
export function lastWeeklyTime(time: WeeklyTime, now: number): number {
  const tomorrow = localMinute(now, time.zone).day + 1;
  const days = Array.from({ length: (time.weeks + 1) * DAYS_OF_WEEK + 1 }, (_, back) => tomorrow - back);
  const times = days
    .filter((day) => isOn(time, day))
    .map((day) => instantOf({ day, minute: time.minute }, time.zone).at);
  return Math.max(...times.filter((at) => at <= now));
}

/** Weeks are counted from the one of 1 January 1970. */
function isOn({ weekday, weeks }: WeeklyTime, day: number): boolean {
  return weekdayOf(day) === weekday && Math.floor((day + 3) / DAYS_OF_WEEK) % weeks === 0;
}
