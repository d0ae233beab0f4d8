import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { roundsIn } from '../../history/rollup/hour-and-day-items.ts';
import { dayOf, hourName, hourOf, nextHour, startOfHour } from '../../history/rollup/hour-and-day-names.ts';
import { readRollupProgress } from '../../history/rollup/progress.ts';
import { targetKey } from '../../history/table/keys.ts';
import { inParallel } from '../../history/table/parallel.ts';
import type { ReportSource } from '../source/report-source.ts';
import { eachRound, type TimeSpan } from '../source/rounds.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Targets that are queried in parallel. */
const PARALLEL = 16;

type Tables = Pick<ReportSource, 'table' | 'history' | 'vantages' | 'targets'>;

/** Hours with samples of a target, each with the names of its rounds; null if only the hour item has these. */
type Hours = ReadonlyMap<string, readonly string[] | null>;

/**
 * When each target was watched within a span: from its first sample to one round after its last, except hours without a
 * sample. Rounds without a sample of the target do not count.
 * @param rounds span of the rounds of all vantages; null if there are none
 * @param every length of a round in milliseconds
 */
export async function watchedSpans(
  source: Tables,
  span: TimeSpan,
  rounds: TimeSpan | null,
  every: number,
): Promise<ReadonlyMap<string, readonly TimeSpan[]>> {
  const recent = await recentHours(source, span, rounds);
  const pairs = await inParallel(source.targets, PARALLEL, async (target) => {
    const hours = new Map([...(await rolledHours(source, target, span)), ...(recent.get(target) ?? [])]);
    const spans = await Promise.all(runsOf(hours).map((run) => spanOf(source, target, hours, run, every)));
    return [target, clip(spans, span)] as const;
  });
  return new Map(pairs);
}

/** Hours that are not rolled up yet, for all targets in one pass over the rounds. */
async function recentHours(
  source: Tables,
  { from, to }: TimeSpan,
  rounds: TimeSpan | null,
): Promise<ReadonlyMap<string, Map<string, string[]>>> {
  const targets = new Map<string, Map<string, string[]>>();
  if (rounds === null) return targets;
  const { through } = await readRollupProgress(source.table);
  const unrolled = through === null ? from : Date.parse(startOfHour(nextHour(through)));
  for await (const { round, samples } of eachRound(source, { from: Math.max(from, unrolled, rounds.from), to })) {
    for (const target of samples.keys()) {
      const hours = targets.get(target) ?? new Map<string, string[]>();
      targets.set(target, hours.set(hourOf(round), [...(hours.get(hourOf(round)) ?? []), round]));
    }
  }
  return targets;
}

/** For a complete day it reads the day item only, because a query for keys is billed for the whole hour items. */
async function rolledHours({ table }: Tables, target: string, { from, to }: TimeSpan): Promise<Hours> {
  const days = await table.query(targetKey.pk(target), {
    from: targetKey.day(dayOf(isoSeconds(from))),
    to: targetKey.day(dayOf(isoSeconds(to))),
  });
  const complete = days.filter(({ hours }) => hours === undefined).map(({ sk }) => sk.slice(targetKey.day('').length));
  const keys = await Promise.all(
    spansWithoutDays(complete, from, to).map((part) =>
      table.query(targetKey.pk(target), {
        from: targetKey.hour(hourName(part.from)),
        to: targetKey.hour(hourName(part.to)),
        keysOnly: true,
      }),
    ),
  );
  const single = keys.flat().map(({ sk }) => sk.slice(targetKey.hour('').length));
  return new Map([...complete.flatMap(hoursOfDay), ...single].map((hour) => [hour, null]));
}

/** The parts of a span outside these days. */
function spansWithoutDays(dates: readonly string[], from: number, to: number): readonly TimeSpan[] {
  const days = dates.map((date) => Date.parse(`${date}T00:00:00Z`)).sort((a, b) => a - b);
  const starts = [from, ...days.map((day) => day + DAY)];
  const ends = [...days.map((day) => day - 1), to];
  return starts.map((start, at) => ({ from: start, to: ends[at] ?? to })).filter((part) => part.from <= part.to);
}

function hoursOfDay(date: string): readonly string[] {
  return Array.from({ length: 24 }, (_, hour) => `${date}T${String(hour).padStart(2, '0')}`);
}

interface Run {
  readonly first: string;
  readonly last: string;
}

/** Consecutive hours, as runs from the first to the last. */
function runsOf(hours: Hours): readonly Run[] {
  const runs: Run[] = [];
  for (const hour of [...hours.keys()].sort()) {
    const current = runs.at(-1);
    if (current !== undefined && nextHour(current.last) === hour) runs[runs.length - 1] = { ...current, last: hour };
    else runs.push({ first: hour, last: hour });
  }
  return runs;
}

async function spanOf(
  { table }: Tables,
  target: string,
  hours: Hours,
  { first, last }: Run,
  every: number,
): Promise<TimeSpan> {
  const roundsOf = async (hour: string) => {
    const item = hours.get(hour) == null ? await table.get(targetKey.pk(target), targetKey.hour(hour)) : null;
    const names = hours.get(hour) ?? (item === null ? [] : roundsIn(item));
    return names.toSorted();
  };
  const [begin, end] = await Promise.all([roundsOf(first), roundsOf(last)]);
  const newest = end.at(-1);
  // Expired hours are known from their day item only, and count as complete.
  const to = newest === undefined ? Date.parse(startOfHour(nextHour(last))) : Date.parse(newest) + every;
  return { from: Date.parse(begin[0] ?? startOfHour(first)), to };
}

/** The parts of the spans within another. */
function clip(spans: readonly TimeSpan[], { from, to }: TimeSpan): readonly TimeSpan[] {
  return spans
    .map((one) => ({ from: Math.max(from, one.from), to: Math.min(to, one.to) }))
    .filter((one) => one.from < one.to);
}
