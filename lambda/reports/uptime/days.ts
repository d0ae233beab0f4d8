import { clipSpans, lengthOfSpans, type TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import { clipStretches, type ObservedTimes, observedTimes } from '../source/up-down-unwatched.ts';
import type { Uptime } from './uptime.ts';

/** One day of a report, or a longer part of it. Lengths are in milliseconds; they are the part of the day within the report. */
export interface Day extends TimeSpan, ObservedTimes {
  /** The part of the day within the reported span. */
  readonly reported: number;
}

/** @param days the days of the report, also those on which the target was not watched */
export function daysOf(
  days: readonly TimeSpan[],
  { span, stretches }: Pick<Uptime, 'span' | 'stretches'>,
): readonly Day[] {
  return days.map((day) => {
    const times = observedTimes(clipStretches(stretches, day));
    return { ...day, ...times, reported: lengthOfSpans(clipSpans([span], day)) };
  });
}
