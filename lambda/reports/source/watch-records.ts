/** When each target was watched in a time span, and how long its sessions took, from rounds, hours and days. */
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Round } from '../../history/packing/recorded-round.ts';
import { roundTotalsOfHour, spansOfHour, totalsOfHour } from '../../history/rollup/hour-and-day-items.ts';
import { dayOf, hourName, nextHour, startOfHour } from '../../history/rollup/hour-and-day-names.ts';
import {
  combineSketches,
  type LatencySketch,
  percentilesOf,
  sketchOf,
  unpackSketch,
} from '../../history/rollup/latency-sketch.ts';
import type { TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import { readRollupProgress } from '../../history/rollup/progress.ts';
import { isPassOrWarn, type Percentiles } from '../../history/rollup/tally.ts';
import {
  clipWatched,
  delayOf,
  mergeWatched,
  unpackSpans,
  type WatchedRound,
  type WatchedSpan,
  watchedSpans,
} from '../../history/rollup/watched-spans.ts';
import { targetKey } from '../../history/table/keys.ts';
import { inParallel } from '../../history/table/parallel.ts';
import type { Item } from '../../history/table/table.ts';
import { readable } from '../../history/table/unreadable.ts';
import type { ReportSource } from './report-source.ts';
import { eachRound, roundSpan } from './rounds.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How long before a span a round may be that still counts in it: 2.5 rounds of an hour. */
const LOOK_BACK = 2.5 * HOUR;
/** Targets that are queried in parallel. */
const PARALLEL = 16;

export type WatchSource = Pick<ReportSource, 'table' | 'history' | 'vantages' | 'targets'>;

/** What the history has of a target in a time span. */
export interface WatchRecord {
  /** When it was watched, oldest first, within the span. Spans neither overlap nor touch. */
  readonly watched: readonly WatchedSpan[];
  /** Milliseconds of the sessions that passed or warned, at all vantages; exact to 2 %. Null without one, or if it was not read. */
  readonly latency: Percentiles | null;
}

/** A part of the history: when a target was watched in it, and its latencies. */
interface Part {
  readonly spans: readonly WatchedSpan[];
  readonly sketch: LatencySketch;
}

/** What is to be read. */
export interface WatchQuery {
  readonly span: TimeSpan;
  /** Seconds for which a round counts as recent if it does not say so. */
  readonly older: number;
  /** Whether to read latencies, too: they take the most time. */
  readonly latency: boolean;
}

export async function readWatchRecords(
  source: WatchSource,
  query: WatchQuery,
): Promise<ReadonlyMap<string, WatchRecord>> {
  const { span, older } = query;
  const { through } = await readRollupProgress(source.table);
  const rolledUntil = through === null ? 0 : Date.parse(startOfHour(nextHour(through)));
  // A round before the span counts for some of its time.
  const from = span.from - Math.max(older * 1000, LOOK_BACK);
  const recent = await recentParts(source, { from: Math.max(from, rolledUntil), to: span.to }, query);
  const pairs = await inParallel(source.targets, PARALLEL, async (target) => {
    const rolled = await rolledParts(source, target, { from, to: Math.min(span.to, rolledUntil) }, query);
    return [target, recordOf([...rolled, recent.get(target) ?? NOTHING], span)] as const;
  });
  return new Map(pairs);
}

const NO_LATENCY: LatencySketch = new Map();
const NOTHING: Part = { spans: [], sketch: NO_LATENCY };

function recordOf(parts: readonly Part[], span: TimeSpan): WatchRecord {
  return {
    watched: clipWatched(mergeWatched(parts.flatMap(({ spans }) => spans)), span),
    latency: percentilesOf(combineSketches(parts.map(({ sketch }) => sketch))),
  };
}

/** Rounds that are not rolled up yet, for all targets in one pass. */
async function recentParts(
  source: WatchSource,
  { from, to }: TimeSpan,
  query: WatchQuery,
): Promise<ReadonlyMap<string, Part>> {
  const seen = new Map<string, { readonly rounds: WatchedRound[]; readonly totals: number[] }>();
  // Without its empty hours: a month has many before its first round.
  const rounds = from < to ? await roundSpan(source, isoSeconds(from), isoSeconds(to)) : null;
  if (rounds === null) return new Map();
  const stored = { from: Math.max(from, rounds.from), to };
  for await (const round of eachRound(source, stored)) addRound(seen, round, query);
  return new Map(
    [...seen].map(([target, own]) => {
      return [target, { spans: watchedSpans(own.rounds, query.older), sketch: sketchOf(own.totals) }];
    }),
  );
}

function addRound(
  seen: Map<string, { readonly rounds: WatchedRound[]; readonly totals: number[] }>,
  { round, began, samples, fresh }: Round,
  { span, older, latency }: WatchQuery,
): void {
  const delay = delayOf(
    { round, ...(began === undefined ? {} : { began }), ...(fresh === undefined ? {} : { fresh }) },
    older,
  );
  for (const [target, { outcome, total, late }] of samples) {
    const own = seen.get(target) ?? { rounds: [], totals: [] };
    own.rounds.push({ round, outcome, delay, fresh, late });
    if (latency && isPassOrWarn(outcome) && isRoundWithin(round, span)) own.totals.push(total);
    seen.set(target, own);
  }
}

function isRoundWithin(round: string, { from, to }: TimeSpan): boolean {
  const at = Date.parse(round);
  return at >= from && at < to;
}

/** Whether all of an hour or a day is within a span. */
function isWithin(start: number, length: number, { from, to }: TimeSpan): boolean {
  return start >= from && start + length <= to;
}

/**
 * Days that are wholly within the span are read from their day items. Other hours are read one by one, and so are those of
 * days that an older version wrote.
 */
async function rolledParts(
  { table }: WatchSource,
  target: string,
  range: TimeSpan,
  query: WatchQuery,
): Promise<readonly Part[]> {
  if (range.from >= range.to) return [];
  const days = await table.query(targetKey.pk(target), {
    from: targetKey.day(dayOf(isoSeconds(range.from))),
    to: targetKey.day(dayOf(isoSeconds(range.to))),
  });
  const whole = days.filter((day) => typeof day.watched === 'string' && isWithin(startOfDay(day), DAY, query.span));
  const hours = await inParallel(withoutDays(whole.map(startOfDay), range), PARALLEL, ({ from, to }) => {
    const keys = { from: targetKey.hour(hourName(from)), to: targetKey.hour(hourName(to - 1)) };
    return table.query(targetKey.pk(target), keys);
  });
  const items = hours.flat();
  return [
    ...whole.map((day) => partOfDay(day, query)),
    ...readable(
      items,
      (item) => partOfHour(item, query),
      () => {},
    ),
    ...days.filter((day) => !whole.includes(day)).flatMap((day) => partOfExpiredDay(day, items)),
  ];
}

function startOfDay({ sk }: Item): number {
  return Date.parse(`${sk.slice(targetKey.day('').length)}T00:00:00Z`);
}

/** The parts of a span outside these days. */
function withoutDays(starts: readonly number[], { from, to }: TimeSpan): readonly TimeSpan[] {
  const sorted = [...starts].sort((a, b) => a - b);
  const begins = [from, ...sorted.map((day) => day + DAY)];
  const ends = [...sorted, to];
  return begins.map((begin, at) => ({ from: begin, to: ends[at] ?? to })).filter((part) => part.from < part.to);
}

function partOfDay(day: Item, { latency }: WatchQuery): Part {
  const sketch = latency ? unpackSketch(String(day.latency ?? '')) : NO_LATENCY;
  return { spans: unpackSpans(String(day.watched), startOfDay(day)), sketch };
}

function partOfHour(item: Item, { span, older, latency }: WatchQuery): Part {
  return { spans: spansOfHour(item, older), sketch: latency ? sketchOf(totalsWithin(item, span)) : NO_LATENCY };
}

function totalsWithin(hour: Item, span: TimeSpan): readonly number[] {
  const start = Date.parse(startOfHour(hour.sk.slice(targetKey.hour('').length)));
  if (isWithin(start, HOUR, span)) return totalsOfHour(hour);
  return roundTotalsOfHour(hour).flatMap(([round, total]) => (isRoundWithin(round, span) ? [total] : []));
}

/** A day of an older version whose hours have expired: if all its hours had samples, it counts as watched. */
function partOfExpiredDay(day: Item, hours: readonly Item[]): readonly Part[] {
  const date = day.sk.slice(targetKey.day('').length);
  if (day.hours !== undefined || hours.some(({ sk }) => sk.startsWith(targetKey.hour(date)))) return [];
  const from = startOfDay(day);
  return [{ spans: [{ from, to: from + DAY }], sketch: new Map() }];
}
