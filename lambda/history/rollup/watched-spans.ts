/** When a target was watched, from the rounds that have a sample of it. */
import type { Outcome } from '../../smtp/sample/sample.ts';
import { mergeSpans, type TimeSpan } from './merge-and-clip-time-spans.ts';

/** A sample of a target in a round. */
export interface WatchedRound {
  readonly round: string;
  readonly outcome: Outcome;
  /** Seconds for which the round counts. Undefined if an older version recorded it. */
  readonly fresh?: number | undefined;
  /** Seconds by which the probe ended after its round. */
  readonly late?: number | undefined;
}

/**
 * The time in which a sample of the target was fresh: from each round on for as long as that round counts, at any vantage. A
 * sample that could not be taken (`unable`) says nothing about the target. While a probe is under way, its vantage is not silent.
 *
 * How long a round counts is recorded with it. It does not follow from the config of today, which may be another.
 * @param older seconds for rounds that do not say it
 */
export function watchedSpans(rounds: Iterable<WatchedRound>, older: number): readonly TimeSpan[] {
  const spans: TimeSpan[] = [];
  for (const { round, outcome, fresh = older, late = 0 } of rounds) {
    const from = Math.floor(Date.parse(round) / 1000) * 1000;
    if (outcome !== 'unable') spans.push({ from, to: from + (fresh + late) * 1000 });
  }
  return mergeSpans(spans);
}

/** `0-37850 41400-86550`: seconds from the start of the day. The last span may end after the day. */
export function packSpans(spans: readonly TimeSpan[], start: number): string {
  return spans.map(({ from, to }) => `${(from - start) / 1000}-${(to - start) / 1000}`).join(' ');
}

export function unpackSpans(text: string, start: number): readonly TimeSpan[] {
  return text.split(' ').flatMap((span) => {
    const [from, to] = span.split('-').map(Number);
    return from === undefined || to === undefined ? [] : [{ from: start + from * 1000, to: start + to * 1000 }];
  });
}
