/** The time of a line of syslog: RFC 3339, or RFC 3164, which has neither year nor time zone. */

const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))\s+/;
const RFC_3164 = /^([A-Z][a-z]{2})\s+(\d{1,2})\s+(\d\d):(\d\d):(\d\d)\s+/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400_000;

export interface LogTime {
  /** Epoch milliseconds. */
  readonly at: number;
  /** What follows the time. */
  readonly rest: string;
}

/**
 * @param now epoch milliseconds. A time without a year is the last one that is not more than a day after `now`. It is in the
 * time zone of this process, as that of the mail server's syslog.
 * @returns null if the line does not begin with a time, or with one more than a day after `now`
 */
export function logTime(line: string, now: number): LogTime | null {
  const exact = RFC_3339.exec(line);
  if (exact !== null) return timeAndRest(Date.parse(exact[1] ?? ''), line, exact[0], now);
  const [all, month = '', ...numbers] = RFC_3164.exec(line) ?? [];
  if (all === undefined || !MONTHS.includes(month)) return null;
  const at = lastTime(MONTHS.indexOf(month), numbers.map(Number), now);
  return timeAndRest(at ?? Number.NaN, line, all, now);
}

/** Years back to a 29 February: 1900 and 2100 have none. */
const MOST_YEARS = 8;

/** Null if the month has no such day. */
function lastTime(month: number, [day = 0, hour = 0, minute = 0, second = 0]: number[], now: number): number | null {
  const newest = new Date(now + DAY).getFullYear();
  for (let year = newest; year >= newest - MOST_YEARS; year -= 1) {
    const time = new Date(year, month, day, hour, minute, second);
    if (time.getMonth() === month && time.getDate() === day && time.getTime() <= now + DAY)
      return repeated(time.getTime(), now);
  }
  return null;
}

/** By how much clocks are set back, in milliseconds: half an hour on Lord Howe Island, two hours at Troll. */
const SET_BACK: readonly number[] = [2 * 3_600_000, 3_600_000, 1_800_000];
/** The clock of a mail server may be ahead. Milliseconds. */
const AHEAD = 5 * 60_000;

/** Of a time that the clock showed twice, `first` is the first. The log is followed: the last one until `now` is meant. */
function repeated(first: number, now: number): number {
  const behind = (at: number) => new Date(at).getTimezoneOffset() * 60_000;
  const back = SET_BACK.find((length) => behind(first + length) - behind(first) === length);
  return back === undefined || first + back > now + AHEAD ? first : first + back;
}

function timeAndRest(at: number, line: string, read: string, now: number): LogTime | null {
  // A line of the future would make all others old.
  return Number.isNaN(at) || at > now + DAY ? null : { at, rest: line.slice(read.length) };
}
