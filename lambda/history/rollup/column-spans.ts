/** When a target was watched from one vantage, by the column of an hour. */
import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from '../../smtp/sample/sample.ts';
import { type Dictionary, packWords, unpackDictionary, unpackRounds, unpackWords } from '../packing/column-packing.ts';
import type { RecordedSample, RoundSample } from '../packing/recorded-round.ts';
import type { TimeSpan } from './merge-and-clip-time-spans.ts';
import { isPassOrWarn } from './tally.ts';
import { delayOf, type WatchedRound, type WatchedSpan, watchedSpans } from './watched-spans.ts';

/** The columns from which it follows when the target was watched. */
export interface WatchedColumn {
  readonly rounds: string;
  readonly outcomes: string;
  /** Seconds for which each round counts as recent: one number if it is the same for all. Omitted if a round does not say it. */
  readonly fresh?: number | Dictionary<number>;
  /**
   * Seconds from the time in the name of each round until its probes began, `23 0*58 2`: 0 where it does not change when the
   * target was watched. Omitted if all are 0.
   */
  readonly delays?: string;
  readonly more?: Dictionary<Pick<RecordedSample, 'late'>>;
}

/**
 * When the target was watched from this vantage, by the rounds of an hour.
 * @param older seconds for which a round counts that does not say so
 */
export function columnSpans(column: WatchedColumn, hour: string, older: number): readonly WatchedSpan[] {
  return steadySpan(column, hour, older) ?? watchedSpans(watchedRounds(column, hour), older);
}

/**
 * The span of an hour without a gap that begins with a pass, which is nearly every hour, without the names of its rounds. Null
 * if it may be another.
 */
function steadySpan(column: WatchedColumn, hour: string, older: number): readonly TimeSpan[] | null {
  const { rounds, outcomes, fresh = older, more, delays } = column;
  if (typeof fresh !== 'number' || outcomes.includes('unable') || hasLate(more)) return null;
  if (!isPassOrWarn(outcomes.split(/[ *]/, 1)[0] as Outcome)) return null;
  const ends = delayEnds(delays);
  if (ends === null) return null;
  let [first, last, shortest, longest]: [number | null, number, number, number] = [null, 0, Infinity, 0];
  for (const run of rounds.split(' ')) {
    const [step = 0, times = 1] = run.split('*').map(Number);
    const steps = first === null ? times - 1 : times;
    if (steps > 0) [shortest, longest] = [Math.min(shortest, step), Math.max(longest, step)];
    first ??= step;
    last += times * step;
  }
  if (ends.first > shortest || longest + ends.last > fresh) return null;
  const start = Date.parse(`${hour}:00:00Z`);
  const from = start + (Math.floor(first ?? 0) + ends.first) * 1000;
  return [{ from, to: start + (Math.floor(last) + ends.last + fresh) * 1000 }];
}

/** The delays of the first and the last round; null if there may be another between. */
function delayEnds(delays: string | undefined): { readonly first: number; readonly last: number } | null {
  if (delays === undefined) return { first: 0, last: 0 };
  const found = ENDS.exec(delays);
  if (found === null) return null;
  const [, first = '0', last = delays.includes(' ') ? '0' : first] = found;
  return { first: Number(first), last: Number(last) };
}

/** `23 0*58 2`, `23 0*59`, `0*59 2`, `23`. */
const ENDS = /^(?:0\*\d+|(\d+)(?: 0(?:\*\d+)?)?)(?: (\d+))?$/;

function hasLate(more: WatchedColumn['more']): boolean {
  return more?.values.some(({ late }) => late !== undefined) ?? false;
}

/** The rounds of a column without their timings, for what counts rounds only. */
function watchedRounds(column: WatchedColumn, hour: string): readonly WatchedRound[] {
  const { fresh, more, delays } = column;
  const rows = typeof fresh === 'object' ? unpackDictionary(fresh) : [];
  const lates = more !== undefined && hasLate(more) ? unpackDictionary(more) : [];
  const outcomes = unpackWords(column.outcomes) as readonly Outcome[];
  const waits = delays === undefined ? [] : unpackWords(delays).map(Number);
  return unpackRounds(column.rounds, hour).map((round, row) => ({
    round,
    outcome: outcomes[row] ?? 'unable',
    delay: waits[row],
    fresh: typeof fresh === 'number' ? fresh : (rows[row] ?? undefined),
    late: lates[row]?.late,
  }));
}

/**
 * The delays of the rounds, oldest first: one word for each. Only those at the ends of a watched span count. The others are 0,
 * because the delays of a schedule differ from round to round, and would cost bytes. If that changes a span, all are kept.
 */
export function delayColumn(
  rounds: readonly RoundSample[],
  column: WatchedColumn,
  hour: string,
): Pick<WatchedColumn, 'delays'> {
  if (rounds.some(({ fresh }) => fresh === undefined)) return {};
  const delays = rounds.map((round) => delayOf(round, 0));
  const longest = Math.max(0, ...delays);
  if (longest === 0) return {};
  const spansWith = (all: readonly number[]) => columnSpans({ ...column, ...packDelays(all) }, hour, 0);
  const ends = delays.map((delay, row) => (row === 0 || row === delays.length - 1 ? delay : 0));
  const worst = packDelays(ends.map((_, row) => (row === 0 || row === ends.length - 1 ? longest : 0)));
  if (steadySpan({ ...column, ...worst }, hour, 0) !== null) return packDelays(ends);
  const exact = spansWith(delays);
  const edges = new Set(exact.flatMap(({ from, to, upFrom = from }) => [from, to, upFrom]));
  const kept = watchedRounds({ ...column, ...packDelays(delays) }, hour).map((round) => {
    const [own] = watchedSpans([round], 0);
    return own !== undefined && (edges.has(own.from) || edges.has(own.to)) ? (round.delay ?? 0) : 0;
  });
  return packDelays(isDeepStrictEqual(spansWith(kept), exact) ? kept : delays);
}

function packDelays(delays: readonly number[]): Pick<WatchedColumn, 'delays'> {
  return delays.every((delay) => delay === 0) ? {} : { delays: packWords(delays.map(String)) };
}
