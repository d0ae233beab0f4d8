import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { History } from '../../history/history.ts';
import type { VantageSample } from '../../history/packing/recorded-round.ts';
import { assertPackingVersion } from '../../history/packing/round-packing.ts';
import { coverage } from '../../history/rollup/hour-and-day-items.ts';
import { dayOf, hourOf } from '../../history/rollup/hour-and-day-names.ts';
import { type Counts, type Percentiles, tallyWithoutPhases } from '../../history/rollup/tally.ts';
import { targetKey } from '../../history/table/keys.ts';
import type { Table } from '../../history/table/table.ts';
import type { ReportSource } from '../source/report-source.ts';
import type { SampleQuery } from './sample-query-and-default-step.ts';

const DAY = 86_400_000;

/** The samples of one vantage in an hour or a day, summarized. */
export interface VantageSummary {
  readonly counts: Counts;
  /** Percentiles of the total milliseconds of samples that passed or warned. */
  readonly total: Percentiles | null;
}

export interface PeriodSummary {
  readonly target: string;
  /** `2026-11-22T05` or `2026-11-22`. */
  readonly span: string;
  readonly vantages: Readonly<Record<string, VantageSummary>>;
  /** For a day: how many of its hours had samples; absent if all had. */
  readonly hours?: number;
}

/** Hours or days of a target: those that the rollup wrote, and later ones computed from samples. */
export async function readSummaries(
  source: Pick<ReportSource, 'table' | 'history'>,
  query: SampleQuery,
  step: 'hour' | 'day',
): Promise<readonly PeriodSummary[]> {
  const { target, since, until } = query;
  const rolled = await (step === 'hour' ? hoursOf(source.table, query) : source.history.days(target, since, until));
  const missing = step === 'hour' ? [timeAfterLast(rolled, query)] : missingDays(rolled, query);
  const filled = await Promise.all(
    missing.map((range) => summarizeSamples(source.history, { ...query, ...range }, step)),
  );
  return [...rolled, ...filled.flat()].sort((a, b) => (a.span < b.span ? -1 : 1));
}

type MissingTime = Pick<SampleQuery, 'since' | 'until'>;

/** A missing hour before the last has no samples any more; only hours after the last can be computed. */
function timeAfterLast(rolled: readonly PeriodSummary[], { since, until }: SampleQuery): MissingTime {
  const last = rolled.at(-1)?.span;
  return { since: last === undefined ? since : afterSpan(last), until };
}

/** A missing day can have hours, because a day is written only after it ends. */
function missingDays(rolled: readonly PeriodSummary[], query: SampleQuery): readonly MissingTime[] {
  const starts = rolled.map(({ span }, at) => {
    const since = at === 0 ? query.since : afterSpan(rolled[at - 1]?.span ?? span);
    return { since, until: isoSeconds(Date.parse(`${span}T00:00:00Z`) - 1000) };
  });
  return [...starts, timeAfterLast(rolled, query)].filter(({ since, until }) => since <= until);
}

async function summarizeSamples(
  history: History,
  query: SampleQuery,
  step: 'hour' | 'day',
): Promise<readonly PeriodSummary[]> {
  const { target, vantages, since, until } = query;
  const spans = groupBySpan(await history.samples(target, vantages, since, until), step === 'hour' ? hourOf : dayOf);
  return [...spans].map(([span, seen]) => {
    const hours = new Set(seen.map(({ round }) => hourOf(round)));
    return { target, span, vantages: vantageSummaries(seen), ...(step === 'hour' ? {} : coverage(hours.size)) };
  });
}

/** The summaries in the hour items, without reading their samples. */
async function hoursOf(table: Table, { target, since, until }: SampleQuery): Promise<readonly PeriodSummary[]> {
  const range = { from: targetKey.hour(hourOf(since)), to: targetKey.hour(until) };
  return (await table.query(targetKey.pk(target), range)).map((item) => {
    assertPackingVersion(item);
    const vantages = item.vantages as Readonly<Record<string, VantageSummary>>;
    return { target, span: item.sk.slice(targetKey.hour('').length), vantages };
  });
}

/** The end of an hour, `2026-11-22T05`, or of a day, `2026-11-22`. */
function afterSpan(span: string): string {
  const [start, length] = span.includes('T') ? [`${span}:00:00Z`, 3_600_000] : [`${span}T00:00:00Z`, DAY];
  return isoSeconds(Date.parse(start) + length);
}

function groupBySpan(
  samples: readonly VantageSample[],
  spanOf: (round: string) => string,
): Map<string, VantageSample[]> {
  const spans = new Map<string, VantageSample[]>();
  for (const sample of samples) {
    const span = spanOf(sample.round);
    const known = spans.get(span);
    if (known === undefined) spans.set(span, [sample]);
    else known.push(sample);
  }
  return spans;
}

function vantageSummaries(samples: readonly VantageSample[]): PeriodSummary['vantages'] {
  const vantages = [...new Set(samples.map(({ vantage }) => vantage))];
  const samplesFrom = (name: string) => samples.filter((one) => one.vantage === name).map(({ sample }) => sample);
  return Object.fromEntries(vantages.map((vantage) => [vantage, tallyWithoutPhases(samplesFrom(vantage))]));
}
