/** Dates of messages: RFC 5322 3.3 and 4.3. Never throws. */

import { ownValue } from '../../wire/own-value.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const DATE =
  /(?:^|[\s,])(\d{1,2})[\s-]+([A-Za-z]{3})[\s-]+(\d{2,4})\s+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:\s*([AP])M\b)?(?:\s*(?:(?:GMT|UTC?)\s*)?([+-]\d\d:?\d\d|[A-Za-z]{1,5}))?/i;

/** Hours of the zones of RFC 5322 4.3, and of others with one meaning that servers write. Any other is UTC, as is a date without one. */
const ZONES: Readonly<Record<string, number>> = {
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  WEST: 1,
  CET: 1,
  MET: 1,
  CEST: 2,
  MEST: 2,
  EET: 2,
  EEST: 3,
  MSK: 3,
  JST: 9,
  KST: 9,
  AEST: 10,
  AEDT: 11,
};

/** @returns epoch milliseconds; null if the text has no date */
export function parseDate(text: string): number | null {
  const found = DATE.exec(withoutComments(text.slice(0, 128)));
  if (found === null) return null;
  const [, day, month = '', year = '', hour, minute, second = '0', half = '', zone = ''] = found;
  const nth = MONTHS.indexOf(month.toLowerCase());
  if (nth === -1) return null;
  const at = Date.UTC(fullYear(year), nth, Number(day), hourOf(Number(hour), half), Number(minute), Number(second));
  return Number.isNaN(at) ? null : at - offsetOf(zone);
}

/** Comments may be nested. */
function withoutComments(text: string): string {
  const inner = text.replace(/\([^()]*\)/g, ' ');
  return inner === text ? text : withoutComments(inner);
}

/** Of a clock with twelve hours. */
function hourOf(hour: number, half: string): number {
  return half === '' ? hour : (hour % 12) + (/p/i.test(half) ? 12 : 0);
}

/** RFC 5322 4.3. */
function fullYear(year: string): number {
  if (year.length === 4) return Number(year);
  return Number(year) + (year.length === 2 && Number(year) < 50 ? 2000 : 1900);
}

function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  if (sign === undefined) return (ownValue(ZONES, zone.toUpperCase()) ?? 0) * 3_600_000;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Thu, 26 Nov 2026 14:00:00 +0000`. */
export function formatDate(at: number): string {
  const date = new Date(at);
  const month = (MONTHS[date.getUTCMonth()] ?? '').replace(/^./, (letter) => letter.toUpperCase());
  const day = String(date.getUTCDate()).padStart(2, '0');
  const time = date.toISOString().slice(11, 19);
  return `${DAYS[date.getUTCDay()]}, ${day} ${month} ${date.getUTCFullYear()} ${time} +0000`;
}
