import type { Clock } from '../clock-and-time-zone.ts';
import { timeArgument } from '../time.ts';
import { UsageError } from '../usage-error.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const WEEK_TIME = /^(?<day>sun|mon|tue|wed|thu|fri|sat)[a-z]*\s+(?<hour>\d{1,2}):(?<minute>\d{2})$/i;

/**
 * Epoch milliseconds of `Sun 03:00`, the next one from now on, or of a time as other options take it.
 * @throws UsageError
 */
export function weekTimeArgument(text: string, option: string, clock: Clock): number {
  const { day = '', hour, minute } = WEEK_TIME.exec(text.trim())?.groups ?? {};
  if (hour === undefined) return Date.parse(timeOf(text, option, clock));
  if (Number(hour) > 23 || Number(minute) > 59) throw new UsageError(`${option}: '${text}' is not a time of the day`);
  const wanted = DAYS.indexOf(day.slice(0, 3).toLowerCase());
  const candidates = Array.from({ length: 9 }, (_, more) => dayTime(more, Number(hour), Number(minute), clock));
  const found = candidates.find((at) => at >= clock.now && weekday(at, clock) === wanted);
  if (found === undefined) throw new UsageError(`${option}: '${text}' is in no week: the clock skips it`);
  return found;
}

function timeOf(text: string, option: string, clock: Clock): string {
  try {
    return timeArgument(text, option, clock);
  } catch {
    throw new UsageError(`${option}: '${text}' is not a time; use 'Sun 03:00' or 2026-11-27T08:00`);
  }
}

/** So many days after today, by the calendar: a day may have 23 or 25 hours. */
function dayTime(more: number, hour: number, minute: number, { now, utc }: Clock): number {
  const date = new Date(now);
  if (utc) return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + more, hour, minute);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + more, hour, minute).getTime();
}

function weekday(at: number, { utc }: Clock): number {
  return utc ? new Date(at).getUTCDay() : new Date(at).getDay();
}
