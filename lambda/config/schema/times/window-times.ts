/** The times of an entry of `maintenance`, out of its keys. */
import {
  type Span,
  spansOf,
  type WindowEnd,
  type WindowStart,
  type WindowTimes,
  wallLength,
} from '../../../calendar/window-times.ts';
import { parseDuration } from '../duration.ts';
import { fault, type Read, type Times } from './clock-time.ts';
import { hasOffset, readDateTime } from './date-time.ts';
import { readMonth } from './month.ts';
import { readWeek } from './week.ts';

/** The keys as written. Those that are no text are of the schema to report. */
export interface WrittenTimes {
  readonly zone?: unknown;
  readonly weekly?: unknown;
  readonly monthly?: unknown;
  readonly from?: unknown;
  readonly until?: unknown;
  readonly for?: unknown;
}

export type TimesKey = keyof WrittenTimes;

/** The times, or the key that is wrong and why. */
export type ReadTimes = (Read<WindowTimes> & { readonly key?: TimesKey }) | null;

const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** A window is planned work. What is longer is no work, but a target that is not watched. */
const LONGEST = { once: 90 * DAY, weekly: WEEK - 3_600_000, monthly: 27 * DAY } as const;

/** Null if a key is missing or no text, which is reported elsewhere. @param zone one that exists */
export function readWindowTimes(written: WrittenTimes, zone: string): ReadTimes {
  if (typeof written.weekly === 'string') {
    const days = readWeek(written.weekly);
    if (!days.ok) return { ...days, key: 'weekly' };
    return recurring(
      'weekly',
      days.value.map(({ days, ...times }) => ({ on: { kind: 'weekdays', days }, ...times })),
      written,
      zone,
    );
  }
  if (typeof written.monthly === 'string') {
    const days = readMonth(written.monthly);
    return days.ok ? recurring('monthly', days.value, written, zone) : { ...days, key: 'monthly' };
  }
  return typeof written.from === 'string' ? once(written.from, written, zone) : null;
}

type Entry = Times & Pick<WindowStart, 'on'>;

function recurring(
  key: 'weekly' | 'monthly',
  entries: readonly Entry[],
  { for: length }: WrittenTimes,
  zone: string,
): ReadTimes {
  const milliseconds = typeof length === 'string' ? parseDuration(length) : null;
  if (length !== undefined && milliseconds === null) return null;
  const starts: WindowStart[] = [];
  for (const { on, from, to } of entries) {
    if (to !== null && milliseconds !== null)
      return { ...fault('cannot be combined with an end', `remove it, or the end of \`${key}\``), key: 'for' };
    if (to === null && milliseconds === null)
      return { ...fault('has no end', 'write it as in `02:00-04:00`, or add `for: 2h`'), key };
    const end: WindowEnd = to === null ? { length: milliseconds ?? 0 } : { to };
    starts.push({ on, at: from, end });
  }
  return checkRecurring(key, starts, zone, milliseconds === null ? key : 'for');
}

/** A part that overlaps the next one is a mistake. */
function checkRecurring(
  key: 'weekly' | 'monthly',
  starts: readonly WindowStart[],
  zone: string,
  at: TimesKey,
): ReadTimes {
  const longest = Math.max(...starts.map(wallLength));
  if (longest <= 0) return { ...fault('must be longer than nothing'), key: at };
  if (longest > LONGEST[key]) return tooLong(key, at);
  const spans = spansOfYear(starts);
  if (spans.some((span, nth) => span.until > (spans[nth + 1]?.from ?? Number.POSITIVE_INFINITY)))
    return { ...fault('overlaps itself', 'join its entries'), key: at };
  if (longestJoined(spans) > LONGEST[key]) return tooLong(key, at);
  return { ok: true, value: { kind: 'recurring', zone, starts } };
}

/** A year without changes of the clock. */
function spansOfYear(starts: readonly WindowStart[]): readonly Span[] {
  const from = Date.UTC(2027, 0, 1);
  return spansOf({ kind: 'recurring', zone: 'UTC', starts }, from, from + 400 * DAY);
}

/** The shortest time, in milliseconds, from an end until the window begins again; infinite if it does not. */
export function shortestPause(times: WindowTimes): number {
  if (times.kind === 'once') return Number.POSITIVE_INFINITY;
  const spans = spansOfYear(times.starts);
  const pauses = spans.map((span, nth) => (spans[nth + 1]?.from ?? Number.POSITIVE_INFINITY) - span.until);
  return Math.min(...pauses.filter((pause) => pause > 0));
}

function tooLong(key: 'weekly' | 'monthly', at: TimesKey): ReadTimes {
  const message = `lasts so long that it ${key === 'weekly' ? 'never ends' : 'hardly ends'}`;
  return { ...fault(message, 'omit targets that are not to be watched'), key: at };
}

/** Spans that adjoin are one. The first and the last of the list may be cut off. */
function longestJoined(spans: readonly Span[]): number {
  let [from, until, longest] = [0, 0, 0];
  for (const span of spans) {
    if (span.from !== until) from = span.from;
    until = span.until;
    longest = Math.max(longest, until - from);
  }
  return longest;
}

function once(written: string, { until, for: length }: WrittenTimes, zone: string): ReadTimes {
  const from = readDateTime(written, zone);
  if (!from.ok) return { ...from, key: 'from' };
  if (typeof until === 'string') {
    const end = readDateTime(until, zone);
    if (!end.ok) return { ...end, key: 'until' };
    return onceOf(from.value, end.value, 'until');
  }
  const milliseconds = typeof length === 'string' ? parseDuration(length) : null;
  return milliseconds === null ? null : onceOf(from.value, from.value + milliseconds, 'for');
}

function onceOf(from: number, until: number, key: TimesKey): ReadTimes {
  if (until <= from)
    return {
      ...fault(
        key === 'for' ? 'must be longer than nothing' : 'is not after `from`',
        key === 'for' ? null : 'do they stand the wrong way round?',
      ),
      key,
    };
  if (until - from > LONGEST.once)
    return { ...fault('is more than 90 days after `from`', 'omit targets that are not to be watched'), key };
  return { ok: true, value: { kind: 'once', from, until } };
}

/** Whether the entry says a zone, or needs none. */
export function needsZone({ from, until, zone }: WrittenTimes): boolean {
  if (zone !== undefined) return false;
  return [from, until].some((time) => typeof time === 'string' && !hasOffset(time)) || from === undefined;
}
