/**
 * The hour item and the day item of a target: pure functions. The same rounds in any order, with any repetition, make
 * the same items, so that an hour can be rolled up again when a late round arrives.
 */

import { unpackDictionary, unpackRounds } from '../packing/column-packing.ts';
import type { VantageSample } from '../packing/recorded-round.ts';
import { assertPackingVersion, packingVersion } from '../packing/round-packing.ts';
import { itemSize, splitThreshold } from '../table/item-size.ts';
import { targetKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isCount, isDate, isHour, isMapOf } from '../table/type-guards.ts';
import { must, type ReportUnreadable, readable } from '../table/unreadable.ts';
import { columnSpans } from './column-spans.ts';
import {
  dropReplyTexts,
  type HourColumn,
  isHourColumn,
  measureColumn,
  roundTotals,
  totalsOfColumn,
  unpackColumn,
} from './hour-column.ts';
import { packSketch, sketchOf } from './latency-sketch.ts';
import { restoreValues, shareValues } from './shared-values.ts';
import { combineTallies, isTally, type Measures, type Tally } from './tally.ts';
import { mergeWatched, packSpans, type WatchedSpan } from './watched-spans.ts';

/** Counts and percentiles of a target in an hour or a day, by vantage. */
export interface TargetSummary {
  readonly target: string;
  /** `2026-11-22T05` or `2026-11-22`. */
  readonly span: string;
  readonly vantages: Readonly<Record<string, Tally>>;
  /** Of a day: how many of its hours had samples. Absent if all 24 had. */
  readonly hours?: number;
}

/** The hour item of a target, made of a column for each vantage. */
export function hourItem(target: string, hour: string, columns: ReadonlyMap<string, HourColumn>, ttl: number): Item {
  const sorted = [...columns].sort(([a], [b]) => (a < b ? -1 : 1));
  const item = (of: (column: HourColumn) => HourColumn): Item =>
    itemOf(
      target,
      targetKey.hour(hour),
      Object.fromEntries(shareValues(sorted.map(([vantage, column]) => [vantage, of(column)]))),
      ttl,
    );
  const whole = item((column) => column);
  return itemSize(whole) <= splitThreshold ? whole : item(dropReplyTexts);
}

/** The day item of a target, which has no `ttl`. @param hours hour items of that day, in any order */
export function dayItem(target: string, date: string, hours: readonly Item[], tell: ReportUnreadable = () => {}): Item {
  const vantages = new Map<string, Measures[]>();
  const measured = readable(hours, measuresOfHour, tell);
  for (const [vantage, measures] of measured.flat()) {
    vantages.set(vantage, [...(vantages.get(vantage) ?? []), measures]);
  }
  const sorted = [...vantages].sort(([a], [b]) => (a < b ? -1 : 1));
  const tallies = Object.fromEntries(sorted.map(([vantage, all]) => [vantage, combineTallies(all)]));
  return {
    ...itemOf(target, targetKey.day(date), tallies),
    ...coverage(measured.length),
    ...dayReadings(
      date,
      hours,
      measured.flat().map(([, measures]) => measures),
      tell,
    ),
  };
}

function measuresOfHour(hour: Item): readonly (readonly [vantage: string, Measures])[] {
  return hourColumns(hour).map(([vantage, column]) => [vantage, measureColumn(column)]);
}

/** When the target was watched on that day, and its latencies. Omitted if a round does not say how long it counts. */
function dayReadings(
  date: string,
  hours: readonly Item[],
  measures: readonly Measures[],
  tell: ReportUnreadable,
): { readonly watched?: string; readonly latency?: string } {
  const columns = readable(hours, hourColumns, tell).flat();
  if (columns.length === 0 || columns.some(([, { fresh }]) => fresh === undefined)) return {};
  const spans = mergeWatched(readable(hours, (hour) => spansOfHour(hour, 0), tell).flat());
  const latency = packSketch(sketchOf(measures.flatMap(({ totals }) => totals)));
  return { watched: packSpans(spans, Date.parse(`${date}T00:00:00Z`)), latency };
}

/**
 * When the target was watched in an hour, at any vantage.
 * @param older seconds for which a round counts that does not say so
 */
export function spansOfHour(item: Item, older: number): readonly WatchedSpan[] {
  const hour = item.sk.slice(targetKey.hour('').length);
  return hourColumns(item).flatMap(([, column]) => columnSpans(column, hour, older));
}

/** The totals of an hour at any vantage. */
export function totalsOfHour(item: Item): readonly number[] {
  return hourColumns(item).flatMap(([, column]) => totalsOfColumn(column));
}

/** The same, each with the name of its round. */
export function roundTotalsOfHour(item: Item): readonly (readonly [round: string, total: number])[] {
  const hour = item.sk.slice(targetKey.hour('').length);
  return hourColumns(item).flatMap(([, column]) => roundTotals(column, hour));
}

const hoursOfDay = 24;

/** The number of hours of a day that have samples, if not all of them have. */
export function coverage(hours: number): Pick<TargetSummary, 'hours'> {
  return hours < hoursOfDay ? { hours } : {};
}

function itemOf(target: string, sk: string, vantages: object, ttl?: number): Item {
  return { pk: targetKey.pk(target), sk, ...(ttl === undefined ? {} : { ttl }), packing: packingVersion, vantages };
}

/** The column of each vantage of an hour item. */
export function hourColumns(item: Item): readonly (readonly [vantage: string, HourColumn])[] {
  assertPackingVersion(item);
  must(isHour(item.sk.slice(targetKey.hour('').length)), 'the name of the hour');
  must(isMapOf(item.vantages, isHourColumn), 'a column');
  return restoreValues(Object.entries(item.vantages));
}

/** The samples of an hour item, by vantage and round; without transcripts. */
export function samplesOfHour(item: Item): readonly VantageSample[] {
  const hour = item.sk.slice(targetKey.hour('').length);
  return hourColumns(item).flatMap(([vantage, column]) => {
    const samples = unpackColumn(column);
    const lags = column.lags === undefined ? [] : unpackDictionary(column.lags);
    return unpackRounds(column.rounds, hour).flatMap((round, row) => {
      const [sample, lag] = [samples[row], lags[row]];
      return sample === undefined ? [] : [{ vantage, round, sample, ...(lag == null ? {} : { lag }) }];
    });
  });
}

/** Summarizes an hour item or a day item. The phases of an hour are computed from its columns. */
export function summarizeItem(item: Item): TargetSummary {
  assertPackingVersion(item);
  const target = item.pk.slice(targetKey.pk('').length);
  const span = item.sk.slice(item.sk.indexOf('#') + 1);
  if (item.sk.startsWith(targetKey.day(''))) {
    const { vantages, hours } = item;
    must(isDate(span), 'the name of the day');
    must(isMapOf(vantages, isTally), 'a tally');
    must(hours === undefined || isCount(hours), 'hours');
    return { target, span, vantages, ...(hours === undefined ? {} : { hours }) };
  }
  const tallies = hourColumns(item).map(
    ([vantage, column]) => [vantage, combineTallies([measureColumn(column)])] as const,
  );
  return { target, span, vantages: Object.fromEntries(tallies) };
}
