import type { Command } from 'commander';
import { parseDuration } from '../../lambda/config/schema/duration.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import type { Clock } from './clock.ts';
import { UsageError } from './usage-error.ts';

/** A date, optionally with a time, optionally with a zone; without a zone it is the local one. */
const DATE = /^(?<date>\d{4}-\d{2}-\d{2})(?<time>[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(?<zone>Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * `2h` (that long before `now`), `2026-11-01` (its midnight in the local zone, or UTC), `2026-11-01T05:00Z`.
 * @param of what a date without a time means: its first second, or its last
 * @returns ISO 8601 UTC with seconds
 * @throws UsageError
 */
export function timeArgument(
  text: string,
  option: string,
  clock: Clock,
  of: 'beginning' | 'end' = 'beginning',
): string {
  const before = parseDuration(text);
  if (before !== null) return isoSeconds(clock.now - before);
  const { date = '', time, zone } = DATE.exec(text)?.groups ?? {};
  const at = isDate(date) ? epochOf(text, date, time, zone, clock.utc, of) : Number.NaN;
  if (!Number.isNaN(at)) return isoSeconds(at);
  throw new UsageError(`${option}: '${text}' is no time; write 2h, 30m, 7d, 2026-11-01 or 2026-11-01T05:00Z`);
}

/** JavaScript takes 2026-02-30 for the second of March. */
function isDate(date: string): boolean {
  const at = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

/** JavaScript reads a bare date as UTC, but a date with a time as local: both are made to say which they mean. */
function epochOf(
  text: string,
  date: string,
  time: string | undefined,
  zone: string | undefined,
  utc: boolean,
  of: 'beginning' | 'end',
): number {
  const mark = zone === undefined && utc ? 'Z' : '';
  if (time !== undefined) return Date.parse(text.replace(' ', 'T') + mark);
  const day = of === 'end' ? dayAfter(date) : date;
  return Date.parse(`${day}T00:00${mark}`) - (of === 'end' ? 1000 : 0);
}

function dayAfter(date: string): string {
  return isoSeconds(Date.parse(`${date}T00:00Z`) + 86_400_000).slice(0, 10);
}

export interface TimeOptions {
  readonly since: string;
  readonly until: string;
  readonly utc?: true;
}

/** @param since what `--since` is where it is not given */
export function withTimeOptions(command: Command, since: string): Command {
  return command
    .option('--since <time>', 'from when; a date is its beginning', since)
    .option('--until <time>', 'up to when, inclusive; a date is its end', '0s')
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
  const until = timeArgument(options.until, '--until', clock, 'end');
  if (since > until) throw new UsageError(`--since (${since}) is after --until (${until})`);
  return { clock, since, until };
}
