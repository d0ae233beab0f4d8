import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { dayOf, hourName, hourOf, nextHour, startOfHour } from '../../history/rollup/hour-names.ts';
import { readRollupProgress } from '../../history/rollup/progress.ts';
import { roundsIn } from '../../history/rollup/rollup-items.ts';
import { targetKey } from '../../history/table/keys.ts';
import { inParallel } from '../../history/table/parallel.ts';
import type { ReportSource } from '../source/report-source.ts';
import { eachRound, type TimeSpan } from '../source/rounds.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Targets that are looked up at once. */
const ATONCE = 16;

type Tables = Pick<ReportSource, 'table' | 'history' | 'vantages' | 'targets'>;

/** Hours in which a target was seen, each with the names of its rounds; null where these are in the hour item alone. */
type Hours = ReadonlyMap<string, readonly string[] | null>;

/**
 * When each target was watched within a span: from its first sample until a round after its last, without the hours between
 * that have none. Of another target's rounds nothing is taken.
 * @param rounds of all vantages within that span, null where there are none
 * @param every the length of a round, milliseconds
 */
export async function watchedSpans(
  source: Tables,
  span: TimeSpan,
  rounds: TimeSpan | null,
  every: number,
): Promise<ReadonlyMap<string, readonly TimeSpan[]>> {
  const recent = await recentHours(source, span, rounds);
  const pairs = await inParallel(source.targets, ATONCE, async (target) => {
    const hours = new Map([...(await rolledHours(source, target, span)), ...(recent.get(target) ?? [])]);
    const spans = await Promise.all(runsOf(hours).map((run) => spanOf(source, target, hours, run, every)));
    return [target, clipped(spans, span)] as const;
  });
  return new Map(pairs);
}

/** What is not rolled up yet, of all targets in one reading. */
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

/** Of a day that has all of its hours the day alone is read: it is small, where hours are paid for with all they hold. */
async function rolledHours({ table }: Tables, target: string, { from, to }: TimeSpan): Promise<Hours> {
  const days = await table.query(targetKey.pk(target), {
    from: targetKey.day(dayOf(isoSeconds(from))),
    to: targetKey.day(dayOf(isoSeconds(to))),
  });
  const whole = days.filter(({ hours }) => hours === undefined).map(({ sk }) => sk.slice(targetKey.day('').length));
  const keys = await Promise.all(
    stretchesWithout(whole, from, to).map((stretch) =>
      table.query(targetKey.pk(target), {
        from: targetKey.hour(hourName(stretch.from)),
        to: targetKey.hour(hourName(stretch.to)),
        keysOnly: true,
      }),
    ),
  );
  const single = keys.flat().map(({ sk }) => sk.slice(targetKey.hour('').length));
  return new Map([...whole.flatMap(hoursOfDay), ...single].map((hour) => [hour, null]));
}

/** What is left of a span without some of its days. */
function stretchesWithout(dates: readonly string[], from: number, to: number): readonly TimeSpan[] {
  const days = dates.map((date) => Date.parse(`${date}T00:00:00Z`)).sort((a, b) => a - b);
  const starts = [from, ...days.map((day) => day + DAY)];
  const ends = [...days.map((day) => day - 1), to];
  return starts
    .map((start, at) => ({ from: start, to: ends[at] ?? to }))
    .filter((stretch) => stretch.from <= stretch.to);
}

function hoursOfDay(date: string): readonly string[] {
  return Array.from({ length: 24 }, (_, hour) => `${date}T${String(hour).padStart(2, '0')}`);
}

interface Run {
  readonly first: string;
  readonly last: string;
}

/** Hours that follow one another, as runs from the first to the last. */
function runsOf(hours: Hours): readonly Run[] {
  const runs: Run[] = [];
  for (const hour of [...hours.keys()].sort()) {
    const open = runs.at(-1);
    if (open !== undefined && nextHour(open.last) === hour) runs[runs.length - 1] = { ...open, last: hour };
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
  // Hours that have expired are known by their day alone: as whole ones.
  const to = newest === undefined ? Date.parse(startOfHour(nextHour(last))) : Date.parse(newest) + every;
  return { from: Date.parse(begin[0] ?? startOfHour(first)), to };
}

/** The parts of some spans within another. */
function clipped(spans: readonly TimeSpan[], { from, to }: TimeSpan): readonly TimeSpan[] {
  return spans
    .map((one) => ({ from: Math.max(from, one.from), to: Math.min(to, one.to) }))
    .filter((one) => one.from < one.to);
}
