/** The part of a span within the hours of a service. */

import { type Hours, isWithinHours } from '../../calendar/hours.ts';
import { instantsOf, localMinute, nextTransition, weekdayOf } from '../../calendar/zone.ts';
import { mergeSpans, type TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import type { ReportSource } from '../source/report-source.ts';
import { clipStretches, observedTimes, type Stretch, uptimeShare } from '../source/up-down-unwatched.ts';
import type { ServiceFigures } from './month.ts';

/** Spans within the hours, in order. Between two edges nothing changes: its first moment says whether it is within. */
export function spansWithinHours(hours: Hours, { from, to }: TimeSpan): readonly TimeSpan[] {
  const edges = [...edgesIn(hours, { from, to }), ...transitionsIn(hours.zone, { from, to })];
  const starts = [...new Set([from, ...edges.filter((at) => at > from && at < to)])].sort((a, b) => a - b);
  const spans = starts.map((start, nth) => ({ from: start, to: starts[nth + 1] ?? to }));
  return mergeSpans(spans.filter((span) => isWithinHours(hours, span.from)));
}

/** A span may begin some days before, and end some days after. */
function edgesIn({ zone, spans }: Hours, { from, to }: TimeSpan): readonly number[] {
  const [first, last] = [localMinute(from, zone).day - 8, localMinute(to, zone).day];
  const days = Array.from({ length: last - first + 1 }, (_, more) => first + more);
  return days.flatMap((day) => {
    const own = spans.filter((span) => span.days.includes(weekdayOf(day)));
    return own.flatMap((span) => [span.from, span.to].flatMap((minute) => instantsOf({ day, minute }, zone)));
  });
}

function transitionsIn(zone: string, { from, to }: TimeSpan): readonly number[] {
  const all: number[] = [];
  for (let at = nextTransition(from, zone); at !== null && at < to; at = nextTransition(at, zone)) all.push(at);
  return all;
}

/** The service hours of the config within a span. */
export interface MonthHours {
  readonly words: string;
  readonly spans: readonly TimeSpan[];
}

/** Null if the config has none. */
export function monthHours({ config }: Pick<ReportSource, 'config'>, span: TimeSpan): MonthHours | null {
  const hours = config?.statusPage?.serviceHours;
  if (hours === undefined) return null;
  return { words: `${hours.week} ${hours.zone}`, spans: spansWithinHours(hours, span) };
}

/** @param stretches a whole span, divided @param within spans in order that do not overlap */
export function serviceFigures(stretches: readonly Stretch[], within: readonly TimeSpan[]): ServiceFigures {
  const times = observedTimes(within.flatMap((one) => clipStretches(stretches, one)));
  return { ...times, uptime: uptimeShare(times) };
}
