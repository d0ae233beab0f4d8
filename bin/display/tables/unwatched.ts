import { durationText } from '../../../lambda/alert/words/time-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { observedTimes, type Stretch } from '../../../lambda/reports/source/up-down-unwatched.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { rangeText } from '../layout/times.ts';

/** Lines of single stretches. A longer list is not read. */
const MOST_LINES = 12;

/** How long the target was up, down and unwatched, and when it was unwatched. No lines if it was watched all the time. */
export function unwatchedLines(stretches: readonly Stretch[], clock: Clock): readonly string[] {
  const { up, down, unwatched } = observedTimes(stretches);
  if (unwatched === 0) return [];
  const times = Object.entries({ up, down, unwatched }).filter(([, length]) => length > 0);
  const all = stretches.filter(({ state }) => state === 'unwatched');
  const lines = all.slice(0, MOST_LINES).map(({ from, to }) => {
    return `unwatched ${rangeText(isoSeconds(from), isoSeconds(to), clock, 'to')}, ${durationText(to - from)}`;
  });
  const more = all.length - lines.length;
  return [
    times.map(([state, length]) => `${state} ${durationText(length)}`).join(', '),
    ...lines,
    ...(more > 0 ? [`and ${more} more times`] : []),
  ];
}
