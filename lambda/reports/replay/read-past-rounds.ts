import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Round, VantageSample } from '../../history/packing/recorded-round.ts';
import { samplesOfHour } from '../../history/rollup/hour-and-day-items.ts';
import { hourName, nextHour, startOfHour } from '../../history/rollup/hour-and-day-names.ts';
import { readRollupProgress } from '../../history/rollup/progress.ts';
import { targetKey } from '../../history/table/keys.ts';
import { inParallel } from '../../history/table/parallel.ts';
import type { Item } from '../../history/table/table.ts';
import type { ReportSource } from '../source/report-source.ts';
import { eachRound, roundSpan, type TimeSpan } from '../source/rounds.ts';

const HOUR = 3_600_000;
/** Hours of every target that are in memory at once. */
const BLOCK_HOURS = 6;
/** Targets that are queried in parallel. */
const PARALLEL = 16;

export type ReplaySource = Pick<ReportSource, 'table' | 'history' | 'vantages' | 'targets'>;

/** The time span that can be replayed; epoch milliseconds. */
export interface ReplaySpan {
  /** The requested range. */
  readonly range: TimeSpan;
  readonly span: TimeSpan;
  /** Reads rounds from this time on, and hour items before it. */
  readonly roundsFrom: number;
}

/** The stored span from `since` to `until`, ISO 8601 UTC, both inclusive. Null if nothing is stored there. */
export async function findReplaySpan(source: ReplaySource, since: string, until: string): Promise<ReplaySpan | null> {
  const [rounds, hours, { through }] = await Promise.all([
    roundSpan(source, since, until),
    spanOfHours(source, since, until),
    readRollupProgress(source.table),
  ]);
  const spans = [rounds, hours].filter((span) => span !== null);
  if (spans.length === 0) return null;
  const from = Math.max(Date.parse(since), Math.min(...spans.map((span) => span.from)));
  const to = rounds?.to ?? Math.min(Date.parse(until), Math.max(...spans.map((span) => span.to)));
  const unrolled = through === null ? from : Date.parse(startOfHour(nextHour(through)));
  // Other rounds of the hour of the oldest round can have expired already.
  const whole = rounds === null ? unrolled : Math.floor(rounds.from / HOUR) * HOUR + HOUR;
  const range = { from: Date.parse(since), to: Date.parse(until) + 1000 };
  return { range, span: { from, to }, roundsFrom: Math.min(unrolled, whole) };
}

/** From the start of the first hour of any target to the end of the last. */
async function spanOfHours({ table, targets }: ReplaySource, since: string, until: string): Promise<TimeSpan | null> {
  const range = {
    from: targetKey.hour(hourName(Date.parse(since))),
    to: targetKey.hour(until),
    limit: 1,
    keysOnly: true,
  };
  const ends = await inParallel(targets, PARALLEL, (target) =>
    Promise.all([false, true].map((newestFirst) => table.query(targetKey.pk(target), { ...range, newestFirst }))),
  );
  const times = ends.flat(2).map(({ sk }) => Date.parse(startOfHour(sk.slice(targetKey.hour('').length))));
  return times.length === 0 ? null : { from: Math.min(...times), to: Math.max(...times) + HOUR - 1000 };
}

/** Rounds of all vantages, oldest first. Rounds from hour items have no transcripts. */
export async function* readPastRounds(source: ReplaySource, { span, roundsFrom }: ReplaySpan): AsyncGenerator<Round> {
  const first = Math.floor(span.from / HOUR) * HOUR;
  const [since, until] = [isoSeconds(span.from), isoSeconds(span.to)];
  for (let block = first; block < roundsFrom && block <= span.to; block += BLOCK_HOURS * HOUR) {
    const end = Math.min(block + BLOCK_HOURS * HOUR, roundsFrom);
    const items = await hoursOf(source, block, end);
    for (let hour = block; hour < end; hour += HOUR) {
      const rounds = roundsIn(items.get(hourName(hour)) ?? [], source.vantages);
      yield* rounds.filter(({ round }) => round >= since && round <= until);
    }
  }
  yield* eachRound(source, { from: Math.max(span.from, roundsFrom), to: span.to });
}

interface TargetHour {
  readonly target: string;
  readonly item: Item;
}

/** The hour items of every target by hour; `to` is exclusive. */
async function hoursOf(
  { table, targets }: ReplaySource,
  from: number,
  to: number,
): Promise<ReadonlyMap<string, TargetHour[]>> {
  const range = { from: targetKey.hour(hourName(from)), to: targetKey.hour(hourName(to - 1)) };
  const all = await inParallel(targets, PARALLEL, async (target) => {
    return (await table.query(targetKey.pk(target), range)).map((item) => ({ target, item }));
  });
  const byHour = new Map<string, TargetHour[]>();
  for (const one of all.flat()) {
    const hour = one.item.sk.slice(targetKey.hour('').length);
    byHour.set(hour, [...(byHour.get(hour) ?? []), one]);
  }
  return byHour;
}

/** Restores the rounds of an hour from its items, ordered by name, then by vantage. */
function roundsIn(items: readonly TargetHour[], vantages: readonly string[]): readonly Round[] {
  const rounds = new Map<string, Omit<Round, 'samples'> & { readonly samples: Map<string, VantageSample['sample']> }>();
  for (const { target, item } of items) {
    for (const { sample, ...named } of samplesOfHour(item)) {
      const key = `${named.round} ${named.vantage}`;
      const round = rounds.get(key) ?? { ...named, samples: new Map() };
      round.samples.set(target, sample);
      rounds.set(key, round);
    }
  }
  const place = ({ vantage }: Round) => vantages.indexOf(vantage);
  const known = [...rounds.values()].filter((round) => place(round) !== -1);
  return known.sort((a, b) => (a.round === b.round ? place(a) - place(b) : a.round < b.round ? -1 : 1));
}
