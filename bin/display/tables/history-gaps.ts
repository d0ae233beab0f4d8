import { nextHour, startOfHour } from '../../../lambda/history/rollup/hour-and-day-names.ts';
import type { Gap } from '../../../lambda/history/rollup/progress.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { timeText } from '../layout/times.ts';

/** A line per permanent gap in the history. */
export function gapLines(gaps: readonly Gap[], clock: Clock): readonly string[] {
  return gaps.map(({ from, to }) => {
    const range = `${timeText(startOfHour(from), clock)} to ${timeText(startOfHour(nextHour(to)), clock)}`;
    return `no history from ${range}: its rounds, if any, expired before the rollup`;
  });
}
