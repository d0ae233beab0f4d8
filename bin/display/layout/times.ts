import type { Clock } from '../../arguments/clock-and-time-zone.ts';

/** A time in its parts: `2026-11-22`, `07:08:00`, and `+02:00` or `UTC`. */
export interface TimeParts {
  readonly date: string;
  readonly time: string;
  readonly zone: string;
}

/** `2026-11-22 07:08:00 +02:00` in the local zone, `2026-11-22 05:08:00 UTC` with `utc`. */
export function timeText(at: string, clock: Clock): string {
  const parts = timeParts(at, clock);
  return parts === null ? at : `${parts.date} ${parts.time} ${parts.zone}`;
}

/** Null if it is not a valid time. */
export function timeParts(at: string | number, { utc }: Clock): TimeParts | null {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return null;
  const offset = utc ? 0 : -time.getTimezoneOffset();
  const shifted = new Date(time.getTime() + offset * 60_000).toISOString();
  return { date: shifted.slice(0, 10), time: shifted.slice(11, 19), zone: utc ? 'UTC' : offsetText(offset) };
}

/** `2026-11-22 07:08:00 until 09:10:00 +02:00`: the common date and zone are printed once. */
export function rangeText(from: string, to: string, clock: Clock, word = 'until'): string {
  const [start, end] = [timeParts(from, clock), timeParts(to, clock)];
  if (start === null || end === null || start.zone !== end.zone) {
    return `${timeText(from, clock)} ${word} ${timeText(to, clock)}`;
  }
  const date = start.date === end.date ? '' : `${end.date} `;
  return `${start.date} ${start.time} ${word} ${date}${end.time} ${start.zone}`;
}

/** Several times, and the date and zone that they have in common, which are printed once above them. */
export interface TimesTogether {
  /** `2026-11-22 UTC`, `+02:00`; empty if the zones differ. */
  readonly common: string;
  readonly texts: readonly string[];
}

export function timesTogether(times: readonly string[], clock: Clock): TimesTogether {
  const parts = times.map((at) => timeParts(at, clock));
  const known = parts.filter((part) => part !== null);
  const same = (key: 'date' | 'zone') =>
    known.length === times.length && new Set(known.map((part) => part[key])).size === 1;
  if (!same('zone')) return { common: '', texts: times.map((at) => timeText(at, clock)) };
  const { date, zone } = known[0] as TimeParts;
  return same('date')
    ? { common: `${date} ${zone}`, texts: known.map(({ time }) => time) }
    : { common: zone, texts: known.map((part) => `${part.date} ${part.time}`) };
}

function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(rest)}`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0');
}
