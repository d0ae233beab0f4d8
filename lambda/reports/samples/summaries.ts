import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { History } from '../../history/history.ts';
import type { VantageSample } from '../../history/packing/recorded-sample.ts';
import { assertPackingVersion } from '../../history/packing/round-packing.ts';
import { dayOf, hourOf, startOfHour } from '../../history/rollup/hour-names.ts';
import { coverage } from '../../history/rollup/rollup-items.ts';
import { type Counts, type Percentiles, tallyWithoutPhases } from '../../history/rollup/tally.ts';
import { targetKey } from '../../history/table/keys.ts';
import type { Table } from '../../history/table/table.ts';
import type { ReportSource } from '../source/report-source.ts';
import { roundSpan } from '../source/rounds.ts';

export type Step = 'sample' | 'hour' | 'day';

const DAY = 86_400_000;

/** How finely a span is told where nobody says: samples for two days, hours for two months, then days. */
export function defaultStep(since: string, until: string): Step {
  const length = Date.parse(until) - Date.parse(since);
  if (length <= 2 * DAY) return 'sample';
  return length <= 62 * DAY ? 'hour' : 'day';
}

/** What is asked of a target; times are ISO 8601 UTC, both included. */
export interface SampleQuery {
  readonly target: string;
  readonly vantages: readonly string[];
  readonly since: string;
  readonly until: string;
}

/** What a vantage saw of a target in an hour or a day. */
export interface VantageSummary {
  readonly counts: Counts;
  /** Milliseconds in all, of the samples that passed or warned. */
  readonly total: Percentiles | null;
}

export interface PeriodSummary {
  readonly target: string;
  /** `2026-11-22T05` or `2026-11-22`. */
  readonly span: string;
  readonly vantages: Readonly<Record<string, VantageSummary>>;
  /** Of a day: how many of its hours had samples; absent where all had. */
  readonly hours?: number;
}

/** Hours or days of a target: as the rollup left them, and what it has not come to yet from the samples themselves. */
export async function readSummaries(
  source: Pick<ReportSource, 'table' | 'history'>,
  query: SampleQuery,
  step: 'hour' | 'day',
): Promise<readonly PeriodSummary[]> {
  const { target, since, until } = query;
  const rolled = await (step === 'hour' ? hoursOf(source.table, query) : source.history.days(target, since, until));
  const holes = step === 'hour' ? [restOf(rolled, query)] : holesIn(rolled, query);
  const filled = await Promise.all(holes.map((hole) => summed(source.history, { ...query, ...hole }, step)));
  return [...rolled, ...filled.flat()].sort((a, b) => (a.span < b.span ? -1 : 1));
}

type Hole = Pick<SampleQuery, 'since' | 'until'>;

/** An hour that is missing among others has no samples any more: only those after the last can be there. */
function restOf(rolled: readonly PeriodSummary[], { since, until }: SampleQuery): Hole {
  const last = rolled.at(-1)?.span;
  return { since: last === undefined ? since : afterSpan(last), until };
}

/** Days that are missing may have hours: a day is written once it is over. */
function holesIn(rolled: readonly PeriodSummary[], query: SampleQuery): readonly Hole[] {
  const starts = rolled.map(({ span }, at) => {
    const since = at === 0 ? query.since : afterSpan(rolled[at - 1]?.span ?? span);
    return { since, until: isoSeconds(Date.parse(`${span}T00:00:00Z`) - 1000) };
  });
  return [...starts, restOf(rolled, query)].filter(({ since, until }) => since <= until);
}

async function summed(history: History, query: SampleQuery, step: 'hour' | 'day'): Promise<readonly PeriodSummary[]> {
  const { target, vantages, since, until } = query;
  const spans = bySpan(await history.samples(target, vantages, since, until), step === 'hour' ? hourOf : dayOf);
  return [...spans].map(([span, seen]) => {
    const hours = new Set(seen.map(({ round }) => hourOf(round)));
    return { target, span, vantages: outlinesOf(seen), ...(step === 'hour' ? {} : coverage(hours.size)) };
  });
}

/** What the hour items say in sum, without a look at their samples. */
async function hoursOf(table: Table, { target, since, until }: SampleQuery): Promise<readonly PeriodSummary[]> {
  const range = { from: targetKey.hour(hourOf(since)), to: targetKey.hour(until) };
  return (await table.query(targetKey.pk(target), range)).map((item) => {
    assertPackingVersion(item);
    const vantages = item.vantages as Readonly<Record<string, VantageSummary>>;
    return { target, span: item.sk.slice(targetKey.hour('').length), vantages };
  });
}

/** Samples of a target a day at a time, oldest first: however long the history, only a day of it is held in memory. */
export async function* readSamples(source: ReportSource, query: SampleQuery): AsyncGenerator<readonly VantageSample[]> {
  const { target, vantages, since, until } = query;
  const begin = await beginOf(source, query);
  if (begin === null) return;
  for (let from = Math.max(begin, Date.parse(since)); from <= Date.parse(until); from += DAY) {
    const to = isoSeconds(Math.min(Date.parse(until), from + DAY - 1000));
    yield await source.history.samples(target, vantages, isoSeconds(from), to);
  }
}

/** The beginning of the first hour of the target, or of the first round of any vantage, whichever is earlier. */
async function beginOf(source: ReportSource, { target, since, until }: SampleQuery): Promise<number | null> {
  const range = { from: targetKey.hour(hourOf(since)), to: targetKey.hour(until), limit: 1 };
  const [hours, rounds] = await Promise.all([
    source.table.query(targetKey.pk(target), range),
    roundSpan(source, since, until),
  ]);
  const begins = hours.map(({ sk }) => Date.parse(startOfHour(sk.slice(targetKey.hour('').length))));
  return [...begins, ...(rounds === null ? [] : [rounds.from])].sort((a, b) => a - b)[0] ?? null;
}

/** The first moment after an hour, `2026-11-22T05`, or a day, `2026-11-22`. */
function afterSpan(span: string): string {
  const [start, length] = span.includes('T') ? [`${span}:00:00Z`, 3_600_000] : [`${span}T00:00:00Z`, DAY];
  return isoSeconds(Date.parse(start) + length);
}

function bySpan(sightings: readonly VantageSample[], spanOf: (round: string) => string): Map<string, VantageSample[]> {
  const spans = new Map<string, VantageSample[]>();
  for (const sighting of sightings) {
    const span = spanOf(sighting.round);
    const known = spans.get(span);
    if (known === undefined) spans.set(span, [sighting]);
    else known.push(sighting);
  }
  return spans;
}

function outlinesOf(sightings: readonly VantageSample[]): PeriodSummary['vantages'] {
  const vantages = [...new Set(sightings.map(({ vantage }) => vantage))];
  const samples = (name: string) => sightings.filter(({ vantage }) => vantage === name).map(({ sample }) => sample);
  return Object.fromEntries(vantages.map((vantage) => [vantage, tallyWithoutPhases(samples(vantage))]));
}
