/** When messages of a round trip arrived as they should, when they did not, and when nobody knows. */
import { clipSpans, lengthOfSpans, mergeSpans, type TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import type { TripRecord } from '../../history/trips/trip-record.ts';
import { spansWithout } from '../source/up-down-unwatched.ts';

/** Milliseconds, whole seconds. `up` + `down` + `unwatched` are the span. */
export interface TripTimes {
  readonly up: number;
  readonly down: number;
  readonly unwatched: number;
  /** The times of trouble, oldest first. */
  readonly troubles: readonly TimeSpan[];
}

/** Failed trips in a row that are trouble: the alerts have the same rule. */
const IN_A_ROW = 2;
/** A trip says what is true until the next one, and for so many of its intervals at most. */
const FRESH = 2;

/**
 * A trip says how it is from the time when it was sent. One failed trip alone is no trouble, and is up. A trip that was `unable`, or is
 * under way, says nothing.
 * @param trips oldest first, with those of the last `FRESH` intervals before the span
 * @param every milliseconds from one trip to the next
 */
export function tripTimes(trips: readonly TripRecord[], every: number, whole: TimeSpan): TripTimes {
  const span = { from: secondOf(whole.from), to: secondOf(whole.to) };
  const known = trips.filter(({ verdict }) => verdict !== null && verdict.outcome !== 'unable');
  const failed = known.map(({ verdict }) => verdict?.outcome === 'fail');
  const spans = known.map(({ at }, nth) => ({
    from: secondOf(at),
    to: secondOf(Math.min(at + FRESH * every, known[nth + 1]?.at ?? Number.POSITIVE_INFINITY)),
    isDown: isInRow(failed, nth),
  }));
  const within = (isDown: boolean) => clipSpans(mergeSpans(spans.filter((one) => one.isDown === isDown)), span);
  const down = within(true);
  const up = spansWithout(within(false), down);
  const [upFor, downFor] = [lengthOfSpans(up), lengthOfSpans(down)];
  return { up: upFor, down: downFor, unwatched: Math.max(0, span.to - span.from) - upFor - downFor, troubles: down };
}

/** Whether a trip failed, and another one next to it. */
function isInRow(failed: readonly boolean[], nth: number): boolean {
  if (failed[nth] !== true) return false;
  const first = failed.slice(0, nth).lastIndexOf(false) + 1;
  const next = failed.indexOf(false, nth);
  return (next === -1 ? failed.length : next) - first >= IN_A_ROW;
}

function secondOf(time: number): number {
  return Math.floor(time / 1000) * 1000;
}
