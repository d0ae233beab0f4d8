import type { Command } from 'commander';
import { parseDuration } from '../lambda/config/duration.ts';
import { isoSeconds } from '../lambda/round.ts';
import type { Clock } from './display/times.ts';
import { UsageError } from './usage.ts';

/** A date, optionally with a time, optionally with a zone; without a zone it is the local one. */
const DATE = /^\d{4}-\d{2}-\d{2}(?<time>[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(?<zone>Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * `2h` (that long before `now`), `2026-11-01` (its midnight in the local zone, or UTC), `2026-11-01T05:00Z`.
 * @returns ISO 8601 UTC with seconds
 * @throws UsageError
 */
export function timeArgument(text: string, option: string, clock: Clock): string {
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

export interface TimeOptions {
  readonly since: string;
  readonly until: string;
  readonly utc?: true;
}

/** @param since what `--since` is where it is not given */
export function withTimeOptions(command: Command, since: string): Command {
  return command
    .option('--since <time>', 'from when', since)
    .option('--until <time>', 'up to when, inclusive', '0s')
    .option('--utc', 'times in UTC instead of the local zone');
}

export interface TimeRange {
  readonly clock: Clock;
  /** ISO 8601 UTC with seconds, both included. */
  readonly since: string;
  readonly until: string;
}

/** @throws UsageError */
export function timeRange(options: TimeOptions): TimeRange {
  const clock = { now: Date.now(), utc: options.utc === true };
  const since = timeArgument(options.since, '--since', clock);
  const until = timeArgument(options.until, '--until', clock);
  if (since > until) throw new UsageError(`--since (${since}) is after --until (${until})`);
  return { clock, since, until };
}
