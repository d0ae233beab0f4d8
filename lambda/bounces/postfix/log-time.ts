/**
 * The time of a line of a log. Syslog, journalctl and containers write it in many ways: RFC 3339 or ISO 8601, with or without a zone,
 * RFC 3164, which has neither year nor zone, RFC 5424 on the wire, or seconds since 1970.
 */

/** What may be before a time: priority and version of syslog (RFC 3164 4.1.1, RFC 5424 6.2), or the day of `journalctl -o short-full`. */
const BEFORE = /^(?:<\d{1,3}>(?:1 )?|1 (?=\d{4}-)|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?=\d{4}-))/;
const ISO_8601 = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|[+-]\d\d:?\d\d))?\s+/;
const RFC_3164 = /^(?:(\d{4}) )?([A-Z][a-z]{2})\s+(\d{1,2})\s+(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?\s+/;
const EPOCH = /^(\d{9,11})(?:\.(\d{1,9}))?\s+/;
/** The zone by name of `journalctl -o short-full`: UTC, or that of this process. */
const ZONE_NAME = /^(UTC|[A-Z]{3,5}|[+-]\d\d(?:\d\d)?) /;
/** What containers add before the line that was logged: CRI, and `docker logs --timestamps`. */
const CONTAINER = /^(?:std(?:out|err) [FP] )?(?=(?:\d{4} )?[A-Z][a-z]{2}\s+\d{1,2}\s+\d\d:|\d{4}-\d\d-\d\d[T ])/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400_000;

export interface LogTime {
  /** Epoch milliseconds. */
  readonly at: number;
  /** What follows the time. */
  readonly rest: string;
}

/**
 * @param now epoch milliseconds. A time without a year is the last one that is not more than a day after `now`. One without a zone is in
 * the time zone of this process, as that of the mail server's syslog.
 * @returns null if the line does not begin with a time, or with one more than a day after `now`
 */
export function logTime(line: string, now: number): LogTime | null {
  const before = BEFORE.exec(line)?.[0] ?? '';
  const text = line.slice(before.length);
  const time = isoTime(text, now, /^[A-Z]/.test(before)) ?? epochTime(text) ?? syslogTime(text, now);
  // A line of the future would make all others old.
  return time === null || Number.isNaN(time.at) || time.at > now + DAY ? null : withoutInner(time, now);
}

/** A container adds an exact time to a line that has one of its own. */
function withoutInner({ at, rest }: LogTime, now: number): LogTime {
  const added = CONTAINER.exec(rest)?.[0];
  if (added === undefined) return { at, rest };
  const inner = rest.slice(added.length);
  return { at, rest: (isoTime(inner, now, false) ?? syslogTime(inner, now) ?? { rest }).rest };
}

/** @param hasZoneName a zone by its name follows */
function isoTime(text: string, now: number, hasZoneName: boolean): LogTime | null {
  const [all, date = '', clock = '', fraction = '0', offset] = ISO_8601.exec(text) ?? [];
  if (all === undefined) return null;
  const rest = text.slice(all.length);
  const [name, zone] = (hasZoneName && offset === undefined ? ZONE_NAME.exec(rest) : null) ?? ['', offset];
  const exact =
    zone === 'UTC' ? 'Z' : /^[+-]\d\d$/.test(zone ?? '') ? `${zone}00` : /^(?:Z|[+-])/.test(zone ?? '') ? zone : '';
  const at = Date.parse(`${date}T${clock}.${fraction.slice(0, 3)}${exact}`);
  return { at: exact === '' ? repeated(at, now) : at, rest: rest.slice(name.length) };
}

function epochTime(text: string): LogTime | null {
  const [all, seconds = '', fraction = ''] = EPOCH.exec(text) ?? [];
  if (all === undefined) return null;
  return { at: Number(seconds) * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0')), rest: text.slice(all.length) };
}

function syslogTime(text: string, now: number): LogTime | null {
  const [all, year, month = '', ...numbers] = RFC_3164.exec(text) ?? [];
  if (all === undefined || !MONTHS.includes(month)) return null;
  const at = lastTime(MONTHS.indexOf(month), numbers.map(Number), now, year === undefined ? null : Number(year));
  return { at: at ?? Number.NaN, rest: text.slice(all.length) };
}

/** Years back to a 29 February: 1900 and 2100 have none. */
const MOST_YEARS = 8;

/** Null if the month has no such day. */
function lastTime(
  month: number,
  [day = 0, hour = 0, minute = 0, second = 0]: number[],
  now: number,
  known: number | null,
): number | null {
  const newest = known ?? new Date(now + DAY).getFullYear();
  for (let year = newest; year >= newest - (known === null ? MOST_YEARS : 0); year -= 1) {
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
