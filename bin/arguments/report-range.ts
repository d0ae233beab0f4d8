import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import type { TimeSpan } from '../../lambda/history/rollup/merge-and-clip-time-spans.ts';
import type { Clock } from './clock-and-time-zone.ts';
import { timeArgument } from './time.ts';
import { UsageError } from './usage-error.ts';

/** What a report is about, and the parts in which it shows the time. */
export interface ReportRange {
  /** `2026-10`; null for a range of dates. */
  readonly month: string | null;
  /** Ends now at the latest. */
  readonly span: TimeSpan;
  /** The zone of months, days and times. */
  readonly clock: Clock;
  /** The days of the range, or weeks or months of a longer one; of a month all its days, also those that are still to come. */
  readonly parts: readonly TimeSpan[];
  readonly part: 'day' | 'week' | 'month';
}

export interface RangeOptions {
  readonly month?: string;
  readonly since?: string;
  readonly until?: string;
  readonly utc?: true;
}

/** @throws UsageError */
export function reportRange(options: RangeOptions, now: number): ReportRange {
  const clock = { now, utc: options.utc === true };
  const { month, since, until } = options;
  if (since === undefined && until === undefined) return monthRange(month ?? monthOf(now, clock), clock);
  if (month !== undefined) throw new UsageError('--month excludes --since and --until');
  if (since === undefined) throw new UsageError('--until needs --since');
  const from = Date.parse(timeArgument(since, '--since', clock));
  const end = until === undefined ? now : Date.parse(timeArgument(until, '--until', clock, 'end')) + 1000;
  const span = { from, to: wholeSecond(Math.min(end, now)) };
  if (from >= span.to)
    throw new UsageError(`--since (${isoSeconds(from)}) is not before the end of the report (${isoSeconds(span.to)})`);
  return { month: null, span, clock, ...partsOf(span, clock) };
}

function monthRange(month: string, clock: Clock): ReportRange {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (year === undefined) throw new UsageError(`--month: '${month}' is not a month; use 2026-10`);
  const [first, next] = [0, 1].map((more) => midnight(Number(year), Number(number) - 1 + more, 1, clock));
  const whole = { from: first ?? 0, to: next ?? 0 };
  if (whole.from > clock.now) throw new UsageError(`--month: ${month} is in the future`);
  const span = { from: whole.from, to: wholeSecond(Math.min(clock.now, whole.to)) };
  return { month, span, clock, parts: daysIn(whole, clock), part: 'day' };
}

function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

/** More parts than this would not be legible side by side. */
const MOST_PARTS = 62;

function partsOf(span: TimeSpan, clock: Clock): Pick<ReportRange, 'parts' | 'part'> {
  const days = daysIn(span, clock);
  if (days.length <= MOST_PARTS) return { parts: days, part: 'day' };
  const weeks = steps(span, clock, (year, month, day) => [year, month, day + 7]);
  if (weeks.length <= MOST_PARTS) return { parts: weeks, part: 'week' };
  return { parts: steps(span, clock, (year, month) => [year, month + 1, 1]), part: 'month' };
}

function daysIn(span: TimeSpan, clock: Clock): readonly TimeSpan[] {
  return steps(span, clock, (year, month, day) => [year, month, day + 1]);
}

type Calendar = readonly [year: number, month: number, day: number];

/** The parts of a span between midnights of the calendar. A day has 23 or 25 hours when the clock is changed. */
function steps(span: TimeSpan, clock: Clock, next: (...date: Calendar) => Calendar): readonly TimeSpan[] {
  const parts: TimeSpan[] = [];
  let date = calendarOf(span.from, clock);
  for (let from = midnight(...date, clock); from < span.to; from = midnight(...date, clock)) {
    date = next(...date);
    parts.push({ from, to: midnight(...date, clock) });
  }
  return parts;
}

function calendarOf(at: number, { utc }: Clock): Calendar {
  const date = new Date(at);
  return utc
    ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
    : [date.getFullYear(), date.getMonth(), date.getDate()];
}

function midnight(year: number, month: number, day: number, { utc }: Clock): number {
  return utc ? Date.UTC(year, month, day) : new Date(year, month, day).getTime();
}

function monthOf(at: number, clock: Clock): string {
  const [year, month] = calendarOf(at, clock);
  return `${year}-${String(month + 1).padStart(2, '0')}`;
}
