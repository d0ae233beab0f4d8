import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { ReportRange } from '../../arguments/report-range.ts';
import { rangeText, timeParts } from '../layout/times.ts';

/** `2026-11 (UTC)`, or `2026-11-02 00:00:00 to 2026-11-08 24:00:00 +01:00`. */
export function rangeTitle({ month, span, clock }: ReportRange): string {
  if (month !== null) return `${month} (${zoneName(span.from, clock)})`;
  return rangeText(isoSeconds(span.from), isoSeconds(span.to), clock, 'to');
}

/** `October 2026`, or the first and the last date of a range; one date if they are the same. */
export function longTitle({ month, span, clock }: ReportRange): string {
  if (month === null)
    return [...new Set([span.from, span.to - 1000].map((at) => timeParts(at, clock)?.date))].join(' to ');
  const zone = clock.utc ? { timeZone: 'UTC' } : {};
  return new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', ...zone }).format(new Date(span.from));
}

/** `UTC`, or the name of the local zone, `Europe/Berlin`. */
export function zoneName(at: number, clock: ReportRange['clock']): string {
  if (clock.utc) return 'UTC';
  return Intl.DateTimeFormat().resolvedOptions().timeZone || (timeParts(at, clock)?.zone ?? 'local time');
}

/** `2026-11-22 05:08` in the zone of the report. */
export function minuteText(at: number, clock: ReportRange['clock']): string {
  const parts = timeParts(at, clock);
  return parts === null ? '' : `${parts.date} ${parts.time.slice(0, 5)}`;
}
