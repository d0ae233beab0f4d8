/**
 * Local time of IANA zones. The clock of a zone skips an hour when summer time begins, and repeats one when it ends. A local
 * time that is repeated is the first of the two, and one that is skipped is moved on by as much as the clock (RFC 5545,
 * 3.3.5, which Temporal calls `compatible`).
 */
// The functions of the same library: without the classes of Temporal a bundle has what it uses of it.
import { create as plainDateTime, toZonedDateTime } from 'temporal-polyfill/fns/PlainDateTime';
import { getTimeZoneTransition, toPlainDateTime, create as zonedDateTime } from 'temporal-polyfill/fns/ZonedDateTime';

const MINUTES_OF_DAY = 1440;
const DAY = 86_400_000;

/** A minute of a clock on a wall. */
export interface LocalMinute {
  /** Days since 1 January 1970 in the calendar of the zone. */
  readonly day: number;
  /** From midnight, as the clock shows it. */
  readonly minute: number;
}

export interface LocalInstant {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The clock never shows this time. */
  readonly isSkipped: boolean;
}

export function localMinute(at: number, zone: string): LocalMinute {
  const local = toPlainDateTime(zonedAt(at, zone));
  return { day: dayNumber(local.year, local.month, local.day), minute: local.hour * 60 + local.minute };
}

/** @param minute from midnight of the day; 1440 and more is on a later day */
export function instantOf({ day, minute }: LocalMinute, zone: string): LocalInstant {
  return { at: zoned({ day, minute }, zone, 'compatible'), isSkipped: isSkipped({ day, minute }, zone) };
}

/** Both instants of a local time that is repeated. Those on both sides of the gap, of one that is skipped. */
export function instantsOf(local: LocalMinute, zone: string): readonly number[] {
  return [zoned(local, zone, 'earlier'), zoned(local, zone, 'later')];
}

/** The next time that the clock of the zone is changed, epoch milliseconds. Null if none is known. */
export function nextTransition(after: number, zone: string): number | null {
  return getTimeZoneTransition(zonedAt(after, zone), 'next')?.epochMilliseconds ?? null;
}

function zonedAt(at: number, zone: string) {
  return zonedDateTime(BigInt(Math.floor(at)) * 1_000_000n, zone);
}

function isSkipped(local: LocalMinute, zone: string): boolean {
  const shown = localMinute(zoned(local, zone, 'compatible'), zone);
  return shown.day * MINUTES_OF_DAY + shown.minute !== local.day * MINUTES_OF_DAY + local.minute;
}

function zoned({ day, minute }: LocalMinute, zone: string, disambiguation: 'compatible' | 'earlier' | 'later'): number {
  const date = new Date(day * DAY + minute * 60_000);
  const local = plainDateTime(
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
  );
  return toZonedDateTime(local, zone, { disambiguation }).epochMilliseconds;
}

/** @param month from 1 */
export function dayNumber(year: number, month: number, day: number): number {
  return Math.floor(Date.UTC(year, month - 1, day) / DAY);
}

/** As ISO 8601 numbers it: 1 for Monday. 1 January 1970 was a Thursday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The day of the month, and how many days the month has. */
export function dateOf(day: number): { readonly date: number; readonly daysInMonth: number } {
  const at = new Date(day * DAY);
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0));
  return { date: at.getUTCDate(), daysInMonth: last.getUTCDate() };
}
