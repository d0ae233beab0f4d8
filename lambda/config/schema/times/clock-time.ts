/** Days and times of day as people write them: `Mon-Fri 08:00-18:00`, `first Sunday 02:00-04:00`. */

/** What was written, or why it is none and what to write. */
export type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string; readonly suggestion: string | null };

export const fault = (message: string, suggestion: string | null = null): Read<never> => {
  return { ok: false, message, suggestion };
};

export const MINUTES_OF_DAY = 1440;

/** In the order of ISO 8601. */
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** The number of a day, 1 for Monday, by its name or at least three letters of it. */
export function weekdayNamed(text: string): number | null {
  const at = text.length < 3 ? -1 : WEEKDAYS.findIndex((name) => name.startsWith(text.toLowerCase()));
  return at === -1 ? null : at + 1;
}

/** Minutes from midnight, or null. `24:00` is the end of a day. */
export function minutesOf(text: string): number | null {
  const [, hours = '', minutes = ''] = /^(\d{1,2}):(\d\d)$/.exec(text) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return hours !== '' && Number(minutes) < 60 && total <= MINUTES_OF_DAY ? total : null;
}

/** A time of day, and its end if there is one: minutes from the same midnight. */
export interface Times {
  readonly from: number;
  readonly to: number | null;
}

const TIMES = /^(\S+?)(?:\s*[-–]\s*(?:([A-Za-z]+)\s+)?(\S+))?$/;

/**
 * Reads `22:00-06:00`, `22:00`, or `22:00-Mon 06:00` after a day. An end that is not after the start is on the next day.
 * @param days on which it begins
 */
export function readTimes(text: string, days: readonly number[]): Read<Times> {
  const [, start = '', endDay, end] = TIMES.exec(text.trim()) ?? [];
  const from = minutesOf(start);
  if (from === MINUTES_OF_DAY) return fault(`begins at ${start}`, 'write `00:00` of the next day');
  if (from === null) return start === '' ? notTimes(text) : notATime(start);
  if (end === undefined) return { ok: true, value: { from, to: null } };
  const to = minutesOf(end);
  if (to === null) return notATime(end);
  if (endDay !== undefined) return endsOn(endDay, days, from, to);
  if (to === from) return fault(`begins and ends at ${start}`, 'a whole day is `00:00-24:00`');
  return { ok: true, value: { from, to: to > from ? to : to + MINUTES_OF_DAY } };
}

function endsOn(name: string, days: readonly number[], from: number, to: number): Read<Times> {
  const end = weekdayNamed(name);
  if (end === null) return notADay(name);
  const [start, ...others] = days;
  if (start === undefined || others.length > 0)
    return fault('names the day of an end, and more than one day of its start', 'write an entry for each day');
  const later = (end - start + 7) % 7;
  const total = to + later * MINUTES_OF_DAY;
  return { ok: true, value: { from, to: total > from ? total : total + 7 * MINUTES_OF_DAY } };
}

export function notADay(text: string): Read<never> {
  return fault(`has a day that is none: ${shown(text)}`, 'days are Mon, Tue, Wed, Thu, Fri, Sat and Sun, or `daily`');
}

function notTimes(text: string): Read<never> {
  if (!/^[\d:.\s–-]+\s[A-Za-z][\w/+-]*$/.test(text.trim())) return notATime(text);
  return fault(`has words after its times: ${shown(text)}`, 'a time zone has a key of its own: `zone: Europe/Berlin`');
}

function notATime(text: string): Read<never> {
  const [, hours = '', minutes = '00', half = ''] = /^(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)?$/i.exec(text) ?? [];
  const hour = (Number(hours) % (half === '' ? 25 : 12)) + (/pm/i.test(half) ? 12 : 0);
  const meant = `${String(hour).padStart(2, '0')}:${minutes}`;
  const isClear = hours !== '' && meant !== text && minutesOf(meant) !== null && Number(hours) <= 24;
  return fault(
    `has a time that is none: ${shown(text)}`,
    isClear ? `did you mean \`${meant}\`?` : 'times are `00:00` to `24:00`',
  );
}

/** A part of a text, short enough for a message. */
export function shown(text: string): string {
  return `"${text.length > 30 ? `${text.slice(0, 30)}…` : text}"`;
}
