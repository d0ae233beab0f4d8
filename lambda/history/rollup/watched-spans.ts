/** When a target was watched, from the rounds that have a sample of it. */
import type { Outcome } from '../../smtp/sample/sample.ts';
import type { Round } from '../packing/recorded-round.ts';
import type { TimeSpan } from './merge-and-clip-time-spans.ts';
import { isPassOrWarn } from './tally.ts';

/** A sample of a target in a round. */
export interface WatchedRound {
  readonly round: string;
  readonly outcome: Outcome;
  /** Seconds from the time in the name of the round until its probes began. */
  readonly delay?: number | undefined;
  /** Seconds for which the round counts. Undefined if an older version recorded it. */
  readonly fresh?: number | undefined;
  /** Seconds by which the probe ended after its round. */
  readonly late?: number | undefined;
}

/** A time in which a target was watched without a break. */
export interface WatchedSpan extends TimeSpan {
  /**
   * When the first probe began that passed or warned; `to` if none did. Before, no verdict can have been `up`. Absent if the
   * first sample passed, and in days that an older version wrote.
   */
  readonly upFrom?: number;
}

/**
 * The time in which a sample of the target was fresh, at any vantage: from the second at which its probe began, for as long as
 * its round counts. Votes and incidents have the same seconds. A sample that could not be taken (`unable`) says nothing about
 * the target. While a probe is under way, its vantage is not silent.
 *
 * How long a round counts is recorded with it. It does not follow from the config of today, which may be another.
 * @param older seconds for rounds that do not say it
 */
export function watchedSpans(rounds: Iterable<WatchedRound>, older: number): readonly WatchedSpan[] {
  const spans: WatchedSpan[] = [];
  for (const { round, outcome, delay = 0, fresh = older, late = 0 } of rounds) {
    if (outcome === 'unable') continue;
    const from = secondOf(round) + delay * 1000;
    const to = from + (fresh + late) * 1000;
    spans.push(isPassOrWarn(outcome) ? { from, to } : { from, to, upFrom: to });
  }
  return mergeWatched(spans);
}

/**
 * Seconds from the time in the name of a round until its probes began, as the judge counts them: none if the clock of the
 * vantage is behind, or if the round would no longer have counted when it began.
 * @param older seconds for which a round counts that does not say so
 */
export function delayOf({ round, began, fresh }: Pick<Round, 'round' | 'began' | 'fresh'>, older: number): number {
  if (began === undefined) return 0;
  const delay = (secondOf(began) - secondOf(round)) / 1000;
  return delay > 0 && delay <= (fresh ?? older) ? delay : 0;
}

function secondOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000) * 1000;
}

/** The time within any of the spans, as spans in order that neither overlap nor touch. */
export function mergeWatched(spans: Iterable<WatchedSpan>): readonly WatchedSpan[] {
  const merged: { from: number; to: number; up: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    const { from, to } = span;
    if (from >= to) continue;
    if (last === undefined || from > last.to) merged.push({ from, to, up: firstUp(span) });
    else {
      last.to = Math.max(last.to, to);
      last.up = Math.min(last.up, firstUp(span));
    }
  }
  return merged.map(({ from, to, up }) => watchedSpan(from, to, up));
}

/** The part of each span within another. */
export function clipWatched(spans: readonly WatchedSpan[], within: TimeSpan): readonly WatchedSpan[] {
  return spans.flatMap((span) => {
    const [from, to] = [Math.max(span.from, within.from), Math.min(span.to, within.to)];
    return from < to ? [watchedSpan(from, to, firstUp(span))] : [];
  });
}

/** The parts of the spans in which a verdict can have been `up`. */
export function spansWithPass(spans: readonly WatchedSpan[]): readonly TimeSpan[] {
  return spans.map(({ from, to, upFrom = from }) => ({ from: upFrom, to })).filter(({ from, to }) => from < to);
}

function firstUp({ from, to, upFrom = from }: WatchedSpan): number {
  return upFrom < to ? upFrom : Number.POSITIVE_INFINITY;
}

function watchedSpan(from: number, to: number, up: number): WatchedSpan {
  return up <= from ? { from, to } : { from, to, upFrom: Math.min(up, to) };
}

/**
 * `0-37850 41400-86550-41460`: seconds from the start of the day. The last span may end after the day. A third number is when
 * the first probe began that passed. Versions that do not know it ignore it.
 */
export function packSpans(spans: readonly WatchedSpan[], start: number): string {
  const seconds = (at: number) => (at - start) / 1000;
  return spans
    .map(({ from, to, upFrom }) => [from, to, ...(upFrom === undefined ? [] : [upFrom])].map(seconds).join('-'))
    .join(' ');
}

export function unpackSpans(text: string, start: number): readonly WatchedSpan[] {
  return text.split(' ').flatMap((span) => {
    const [from, to, up] = span.split('-').map((seconds) => start + Number(seconds) * 1000);
    return from === undefined || to === undefined ? [] : [watchedSpan(from, to, up ?? from)];
  });
}
