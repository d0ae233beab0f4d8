import { nextHour, startOfHour } from '../../history/rollup/hour-and-day-names.ts';
import type { Gap } from '../../history/rollup/progress.ts';

/** The gaps of the history that overlap a time range; ISO 8601 UTC, both inclusive. */
export function gapsWithin(gaps: readonly Gap[], since: string, until: string): readonly Gap[] {
  return gaps.filter(({ from, to }) => startOfHour(from) <= until && startOfHour(nextHour(to)) > since);
}
