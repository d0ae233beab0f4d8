import type { Command } from 'commander';
import { parseDuration, suggestedDuration } from '../../lambda/config/schema/duration.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import type { Clock } from './clock-and-time-zone.ts';
import { UsageError } from './usage-error.ts';

/** A date, optionally with a time and a zone. Without a zone it is in the local time zone. */
const DATE = /^(?<date>\d{4}-\d{2}-\d{2})(?<time>[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(?<zone>Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Milliseconds. The same syntax as in the config: a number without a unit is refused, since other tools mean seconds by it
 * and others milliseconds.
 * @param least milliseconds
 * @throws UsageError
 */
export function durationArgument(text: string, option: string, least = 1): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === null) throw new UsageError(`${option}: '${text}' is not a duration; ${durationHint(text)}`);
  if (milliseconds >= least) return milliseconds;
  throw new UsageError(
    `${option}: '${text}' is too short; at least ${least < 1000 ? `${least}ms` : `${least / 1000}s`}`,
  );
}

function durationHint(text: string): string {
  const meant = suggestedDuration(text);
  return meant === null ? 'use 20s, 1500ms or 2m' : `did you mean ${meant}?`;
}

/**
 * Parses `2h` (before `now`), `2026-11-01` (midnight in the local time zone or UTC), or `2026-11-01T05:00Z`.
 * @param of whether a date without a time means its first or its last second
 * @returns ISO 8601 UTC with seconds
 * @throws UsageError
 */
export function timeArgument(
  text: string,
  option: string,
  clock: Clock,
  of: 'beginning' | 'end' = 'beginning',
): string {
  const ago = parseDuration(text);
  if (ago !== null) return isoSeconds(clock.now - ago);
  const { date = '', time, zone } = DATE.exec(text)?.groups ?? {};
  const at = isDate(date) ? epochOf(text, date, time, zone, clock.utc, of) : Number.NaN;
  if (!Number.isNaN(at)) return isoSeconds(at);
  // `2` alone could be hours or days.
  const meant = /[a-z]/i.test(text) ? suggestedDuration(text) : null;
  const hint = meant === null ? 'use 2h, 30m, 7d, 2026-11-01 or 2026-11-01T05:00Z' : `did you mean ${meant}?`;
  throw new UsageError(`${option}: '${text}' is not a time; ${hint}`);
}

/** JavaScript parses 2026-02-30 as 2 March. */
function isDate(date: string): boolean {
  const at = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

/** JavaScript parses a date as UTC, but a date with a time as local time, so both get an explicit zone. */
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

/** @param since default of `--since` */
export function withTimeOptions(command: Command, since: string): Command {
  return command
    .option('--since <time>', 'start; a date means its first second', since)
    .option('--until <time>', 'end, inclusive; a date means its last second', '0s')
    .option('--utc', 'print times in UTC instead of the local time zone');
}

export interface TimeRange {
  readonly clock: Clock;
  /** ISO 8601 UTC with seconds, both inclusive. */
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
