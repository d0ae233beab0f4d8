import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { VantageSample } from '../../history/packing/recorded-round.ts';
import { hourOf, startOfHour } from '../../history/rollup/hour-and-day-names.ts';
import { targetKey } from '../../history/table/keys.ts';
import type { ReportSource } from '../source/report-source.ts';
import { roundSpan } from '../source/rounds.ts';
import type { SampleQuery } from './sample-query-and-default-step.ts';

const DAY = 86_400_000;

/** Samples of a target, oldest first, read one day at a time, so that memory use does not depend on the length of the history. */
export async function* readSamples(source: ReportSource, query: SampleQuery): AsyncGenerator<readonly VantageSample[]> {
  const { target, vantages, since, until } = query;
  const start = await startTime(source, query);
  if (start === null) return;
  for (let from = Math.max(start, Date.parse(since)); from <= Date.parse(until); from += DAY) {
    const to = isoSeconds(Math.min(Date.parse(until), from + DAY - 1000));
    yield await source.history.samples(target, vantages, isoSeconds(from), to);
  }
}

/** The start of the first hour of the target or the first round of any vantage, whichever is earlier. */
async function startTime(source: ReportSource, { target, since, until }: SampleQuery): Promise<number | null> {
  const range = { from: targetKey.hour(hourOf(since)), to: targetKey.hour(until), limit: 1 };
  const [hours, rounds] = await Promise.all([
    source.table.query(targetKey.pk(target), range),
    roundSpan(source, since, until),
  ]);
  const starts = hours.map(({ sk }) => Date.parse(startOfHour(sk.slice(targetKey.hour('').length))));
  return [...starts, ...(rounds === null ? [] : [rounds.from])].sort((a, b) => a - b)[0] ?? null;
}
