/** How times are shown to people. Machine formats are ISO 8601 UTC always, and do not come here. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: number;
  /** UTC instead of the local zone. */
  readonly utc: boolean;
}

/** `2026-11-22 07:08:00 +02:00` in the local zone, `2026-11-22 05:08:00 UTC` with `utc`. */
export function timeText(at: string, { utc }: Clock): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  const offset = utc ? 0 : -time.getTimezoneOffset();
  const shifted = new Date(time.getTime() + offset * 60_000).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 19)} ${utc ? 'UTC' : offsetText(offset)}`;
}

function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(rest)}`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0');
}
