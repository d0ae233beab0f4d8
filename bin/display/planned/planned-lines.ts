import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { PlannedSpan } from '../../../lambda/reports/planned/planned-times.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { rangeText } from '../layout/times.ts';

/** Lines of single times. A longer list is not read. */
const MOST_LINES = 12;

/** A line for each time in which work was planned, newest last. */
export function plannedLines(planned: readonly PlannedSpan[], clock: Clock): readonly string[] {
  const shown = planned.slice(-MOST_LINES).map(({ id, why, from, to }) => {
    return `planned ${rangeText(isoSeconds(from), isoSeconds(to), clock, 'to')}, ${safeText(id, 63)}: ${safeText(why, 200)}`;
  });
  const more = planned.length - shown.length;
  return [...(more > 0 ? [`planned ${more} more times before`] : []), ...shown];
}
