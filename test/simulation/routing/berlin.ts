/**
 * The clock in Berlin, and the windows and hours of the config as a person reads them: written down once more, so that the checks
 * do not ask the code that they check.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Central European Summer Time is from 01:00 UTC of the last Sunday of March until that of October (Directive 2000/84/EC). */
export function springChange(year: number): number {
  return lastSunday(year, 2) + HOUR;
}
export function autumnChange(year: number): number {
  return lastSunday(year, 9) + HOUR;
}

function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month + 1, 0);
  return last - new Date(last).getUTCDay() * DAY;
}

interface Local {
  /** 0 for Sunday. */
  readonly weekday: number;
  /** Minutes from midnight. */
  readonly minute: number;
}

function localOf(now: number): Local {
  const year = new Date(now).getUTCFullYear();
  const isSummer = now >= springChange(year) && now < autumnChange(year);
  const local = new Date(now + (isSummer ? 2 : 1) * HOUR);
  return { weekday: local.getUTCDay(), minute: local.getUTCHours() * 60 + local.getUTCMinutes() };
}

const isBetween = (minute: number, from: number, to: number) => minute >= from && minute < to;

/** `Mon-Fri 08:00-18:00` */
export function isOfficeTime(now: number): boolean {
  const { weekday, minute } = localOf(now);
  return weekday >= 1 && weekday <= 5 && isBetween(minute, 8 * 60, 18 * 60);
}

/** `daily 02:00-03:00` as hours: twice when the clock repeats it, and not at all when it is skipped. */
export function isRepeatedHour(now: number): boolean {
  return isBetween(localOf(now).minute, 2 * 60, 3 * 60);
}

/** `Sun 01:30-03:30` as a window: it ends when the clock shows its end. */
export function isPatching(now: number): boolean {
  const { weekday, minute } = localOf(now);
  return weekday === 0 && isBetween(minute, 90, 210);
}

/** `daily 02:15-02:45` as a window: the first time when the clock repeats it, an hour later when it is skipped. */
export function isBackup(now: number): boolean {
  const year = new Date(now).getUTCFullYear();
  const { minute } = localOf(now);
  const since = (change: number) => now - change;
  if (isBetween(since(autumnChange(year)), 0, HOUR)) return false;
  if (isBetween(since(springChange(year)), 0, HOUR)) return isBetween(minute, 195, 225);
  return isBetween(minute, 135, 165);
}

/** `Wed 10:00-12:00` as a window. */
export function isRackWork(now: number): boolean {
  const { weekday, minute } = localOf(now);
  return weekday === 3 && isBetween(minute, 600, 720);
}

/** The 15 minutes after it, in which what fell within is not told. */
export function isRackOverrun(now: number): boolean {
  const { weekday, minute } = localOf(now);
  return weekday === 3 && isBetween(minute, 720, 735);
}
