import { nextHour, startOfHour } from '../../history/rollup/hour-names.ts';
import type { Gap } from '../../history/rollup/progress.ts';

/** Gaps of the history that touch a time; ISO 8601 UTC, both included. */
export function gapsWithin(gaps: readonly Gap[], since: string, until: string): readonly Gap[] {
  return gaps.filter(({ from, to }) => startOfHour(from) <= until && startOfHour(nextHour(to)) > since);
}
