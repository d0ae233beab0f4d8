import { parseDuration } from '../lambda/config/duration.ts';
import { isoSeconds } from '../lambda/round.ts';
import { UsageError } from './usage.ts';

/** A date, optionally with a time, optionally with a zone; without a zone it is the local one. */
const DATE = /^\d{4}-\d{2}-\d{2}(?<time>[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(?<zone>Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * `2h` (that long before `now`), `2026-11-01` (its midnight in the local zone, or UTC), `2026-11-01T05:00Z`.
 * @returns ISO 8601 UTC with seconds
 * @throws UsageError
 */
export function timeArgument(
  text: string,
  option: string,
  clock: { readonly now: number; readonly utc: boolean },
): string {
  const before = parseDuration(text);
  if (before !== null) return isoSeconds(clock.now - before);
  const match = DATE.exec(text);
  const at = match === null ? Number.NaN : Date.parse(withZone(text, match.groups ?? {}, clock.utc));
  if (!Number.isNaN(at)) return isoSeconds(at);
  throw new UsageError(`${option}: '${text}' is no time; write 2h, 30m, 7d, 2026-11-01 or 2026-11-01T05:00Z`);
}

/** JavaScript reads a bare date as UTC, but a date with a time as local: both are made to say which they mean. */
function withZone(text: string, { time, zone }: Record<string, string | undefined>, utc: boolean): string {
  const whole = time === undefined ? `${text}T00:00` : text.replace(' ', 'T');
  return zone === undefined && utc ? `${whole}Z` : whole;
}
