/** Times and durations as text. */

/** Units of a duration, longest first, in milliseconds. */
const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A duration in its two largest units: `42 s`, `12 min`, `3 h 5 min`, `2 d 1 h`. */
export function durationText(milliseconds: number): string {
  const at = UNITS.findIndex(([, length]) => milliseconds >= length);
  const unit = UNITS[at];
  if (unit === undefined) return '0 s';
  const next = UNITS[at + 1];
  const count = Math.floor(milliseconds / unit[1]);
  const rest = next === undefined ? 0 : Math.floor((milliseconds - count * unit[1]) / next[1]);
  return rest === 0 || next === undefined ? `${count} ${unit[0]}` : `${count} ${unit[0]} ${rest} ${next[0]}`;
}

/** Milliseconds from one ISO time to another; null if either is not a valid time. */
export function millisecondsBetween(from: string, to: string): number | null {
  const length = Date.parse(to) - Date.parse(from);
  return Number.isNaN(length) ? null : Math.max(0, length);
}

/** `05:08 UTC`, with the date if it differs from that of `today`. An invalid time is returned unchanged. */
export function clockTime(at: string, today: string, digits: 'minutes' | 'seconds' = 'minutes'): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return at;
  const iso = new Date(time).toISOString();
  const day = iso.slice(0, 10) === today.slice(0, 10) ? '' : `${iso.slice(0, 10)} `;
  return `${day}${iso.slice(11, digits === 'minutes' ? 16 : 19)} UTC`;
}

/** `2026-11-22 05:08:12 UTC`. */
export function fullTime(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
