import { isoSeconds } from './round-name.ts';

/** Clocks of two judges differ by no more than this, milliseconds. */
export const CLOCK_DIFFERENCE = 5 * 60_000;

/**
 * The time of an alert: later than that of the last one, because deliveries are ordered by it, and the clock of this judge may
 * be behind that of another. A last one that is further ahead had a clock that was wrong.
 */
export function alertTime(last: string | null, at: string): string {
  const ahead = last === null ? -1 : Date.parse(last) - Date.parse(at);
  return last === null || ahead < 0 || ahead > CLOCK_DIFFERENCE ? at : isoSeconds(Date.parse(last) + 1000);
}
