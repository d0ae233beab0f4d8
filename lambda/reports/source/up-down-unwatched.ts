/**
 * The one division of time that every figure is computed from: at any moment a target was up, down or unwatched.
 */
import type { Verdict } from '../../consensus/judgement/vote-and-verdict-definitions.ts';
import { clipSpans, lengthOfSpans, mergeSpans, type TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import { clipWatched, mergeWatched, spansWithPass, type WatchedSpan } from '../../history/rollup/watched-spans.ts';

/** A period with one verdict; epoch milliseconds, `to` is exclusive. */
export interface VerdictPeriod extends TimeSpan {
  readonly verdict: Verdict;
}

/** `degraded` is a part of up. While the verdict is `unknown` a target is unwatched. */
export type Observed = 'up' | 'degraded' | 'down' | 'unwatched';

/** A stretch of time in one state; epoch milliseconds, whole seconds, `to` is exclusive. */
export interface Stretch extends TimeSpan {
  readonly state: Observed;
}

/** Milliseconds. `up` includes `degraded`, and `up` + `down` + `unwatched` are the span. */
export interface ObservedTimes {
  readonly up: number;
  readonly degraded: number;
  readonly down: number;
  readonly unwatched: number;
}

/** If incidents overlap, the first of these verdicts counts. */
const ORDER = ['down', 'degraded', 'unknown'] as const satisfies readonly VerdictPeriod['verdict'][];

/**
 * Divides a span: the stretches are in order, without a gap or an overlap, and cover the span to the second. A verdict counts
 * only while the target was watched. It was up from the first probe on that passed since it was last unwatched: before, it was
 * down or had no verdict.
 * @param watched when there was a fresh sample, in any order
 * @param periods those with a verdict other than `up`, in any order; any other time has the verdict `up`, or none yet
 */
export function observedTime(
  span: TimeSpan,
  watched: readonly WatchedSpan[],
  periods: readonly VerdictPeriod[],
): readonly Stretch[] {
  const whole = toSeconds(span);
  const seen = clipWatched(mergeWatched(watched.map(toSeconds)), whole);
  const passed = spansWithPass(seen);
  let left: readonly TimeSpan[] = seen;
  const stretches: Stretch[] = [];
  for (const verdict of ORDER) {
    const wanted = mergeSpans(periods.filter((period) => period.verdict === verdict).map(toSeconds));
    const taken = wanted.flatMap((one) => clipSpans(left, one));
    left = spansWithout(left, taken);
    if (verdict === 'down') left = left.flatMap((one) => clipSpans(passed, one));
    const state: Observed = verdict === 'unknown' ? 'unwatched' : verdict;
    stretches.push(...taken.map((one) => ({ ...one, state })));
  }
  stretches.push(...left.map((one) => ({ ...one, state: 'up' as const })));
  const observed = mergeSpans(stretches);
  stretches.push(...spansWithout([whole], observed).map((one) => ({ ...one, state: 'unwatched' as const })));
  return joined(stretches.sort((a, b) => a.from - b.from));
}

export function observedTimes(stretches: readonly Stretch[]): ObservedTimes {
  const timeIn = (state: Observed) => lengthOfSpans(stretches.filter((stretch) => stretch.state === state));
  const degraded = timeIn('degraded');
  return { up: timeIn('up') + degraded, degraded, down: timeIn('down'), unwatched: timeIn('unwatched') };
}

/** Percent of the watched time in which the target was up; null if it was not watched. */
export function uptimeShare({ up, down }: ObservedTimes): number | null {
  return up + down === 0 ? null : (up / (up + down)) * 100;
}

/** The parts of stretches within a span. */
export function clipStretches(stretches: readonly Stretch[], { from, to }: TimeSpan): readonly Stretch[] {
  return stretches
    .map((one) => ({ ...one, from: Math.max(one.from, from), to: Math.min(one.to, to) }))
    .filter((one) => one.from < one.to);
}

function toSeconds({ from, to, upFrom }: WatchedSpan): WatchedSpan {
  const [start, end] = [wholeSecond(from), wholeSecond(to)];
  return { from: start, to: end, ...(upFrom === undefined ? {} : { upFrom: wholeSecond(upFrom) }) };
}

function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

/** The time in the first spans that is not in the second; both in order and without overlap. */
export function spansWithout(spans: readonly TimeSpan[], taken: readonly TimeSpan[]): readonly TimeSpan[] {
  return spans.flatMap(({ from, to }) => {
    const inside = taken.filter((one) => one.to > from && one.from < to);
    const begins = [from, ...inside.map((one) => one.to)];
    const ends = [...inside.map((one) => one.from), to];
    return begins.map((begin, at) => ({ from: begin, to: ends[at] ?? to })).filter((one) => one.from < one.to);
  });
}

/** Stretches in the same state that touch are one. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const all: Stretch[] = [];
  for (const stretch of stretches) {
    const last = all.at(-1);
    if (last?.state === stretch.state && last.to === stretch.from) all[all.length - 1] = { ...last, to: stretch.to };
    else all.push(stretch);
  }
  return all;
}
