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
  const [day = 0, hour = 0, minute = 0, second = 0] = numbers.map(Number);
  const inYear = (year: number) => new Date(year, MONTHS.indexOf(month), day, hour, minute, second).getTime();
  const year = new Date(now + DAY).getFullYear();
  const at = inYear(year) <= now + DAY ? inYear(year) : inYear(year - 1);
  return timeAndRest(at, line, all, now);
}

function timeAndRest(at: number, line: string, read: string, now: number): LogTime | null {
  // A line of the future would make all others old.
  return Number.isNaN(at) || at > now + DAY ? null : { at, rest: line.slice(read.length) };
}
