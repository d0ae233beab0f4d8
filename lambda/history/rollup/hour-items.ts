/**
 * Rounds to hours, hours to days: pure functions. The same rounds in any order, any of them twice, make the same items,
 * so that an hour is rolled up again whenever a late round came.
 */
import type { Outcome, Phase, TimedPhase } from '../../smtp/sample/sample.ts';
import {
  type Dictionary,
  packDictionary,
  packNumbers,
  packRounds,
  packWords,
  unpackDictionary,
  unpackNumbers,
  unpackRounds,
  unpackWords,
} from '../packing/column-packing.ts';
import type { RecordedSample } from '../packing/recorded-sample.ts';
import {
  assertPackingVersion,
  packingVersion,
  roundMilliseconds,
  timingsInOrder,
  totalUnlessSum,
} from '../packing/round-packing.ts';
import { itemSize, splitAbove } from '../table/item-size.ts';
import { targetKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { restoreValues, shareValues } from './shared-values.ts';
import {
  type Counts,
  combineTallies,
  letsMailThrough,
  type Measures,
  type Percentiles,
  type Tally,
  tallyWithoutPhases,
} from './tally.ts';

/** A sample with where and when it was taken. */
export interface VantageSample {
  readonly vantage: string;
  /** Name of the round. */
  readonly round: string;
  readonly sample: RecordedSample;
  /** Of the whole round: milliseconds by which the prober may have delayed its timings; absent where they can be trusted. */
  readonly lag?: number;
}

/** A sighting of one vantage, before it is put together with those of others. */
export type RoundSample = Omit<VantageSample, 'vantage'>;

/** What was seen of a target in an hour or a day, by vantage. */
export interface TargetSummary {
  readonly target: string;
  /** `2026-11-22T05` or `2026-11-22`. */
  readonly span: string;
  readonly vantages: Readonly<Record<string, Tally>>;
  /** Of a day: how many of its hours had samples; absent where all 24 had. */
  readonly hours?: number;
}

/** `2026-11-22T05` */
export const hourOf = (round: string) => round.slice(0, 13);
/** `2026-11-22` */
export const dayOf = (round: string) => round.slice(0, 10);

/** The hour, `2026-11-22T05`, of an epoch time in milliseconds. */
export const hourName = (at: number) => new Date(at).toISOString().slice(0, 13);
/** `2026-11-22T05:00:00Z` */
export const startOfHour = (hour: string) => `${hour}:00:00Z`;
/** The last second of the hour. */
export const endOfHour = (hour: string) => `${hour}:59:59Z`;
export const nextHour = (hour: string) => hourName(Date.parse(startOfHour(hour)) + 3_600_000);

type Finding = readonly [Phase | null, code: string | null, reply: string | null, detail: string | null];
type More = Pick<RecordedSample, 'threshold' | 'facts'>;

/** What an hour item has of each vantage; docs/table.md explains the columns. */
export interface HourColumn {
  readonly counts: Counts;
  readonly total: Percentiles | null;
  readonly rounds: string;
  readonly outcomes: string;
  /** Left out where the timings of each sample add up to its total. */
  readonly totals?: string;
  readonly timings: Readonly<Partial<Record<TimedPhase, string>>>;
  readonly addresses: Dictionary<string>;
  readonly findings?: Dictionary<Finding>;
  readonly more?: Dictionary<More>;
  /** Milliseconds of lag of each round; left out where all timings can be trusted. */
  readonly lags?: Dictionary<number>;
}

/** The hour item of a target, of a column by each vantage. */
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
  return itemSize(whole) <= splitAbove ? whole : item(withoutWords);
}

/** The day item of a target, kept for good. @param hours hour items of that day, in any order */
export function dayItem(target: string, date: string, hours: readonly Item[]): Item {
  const vantages = new Map<string, Measures[]>();
  for (const hour of hours) {
    for (const [vantage, column] of columnsOf(hour)) {
      vantages.set(vantage, [...(vantages.get(vantage) ?? []), measuresIn(column)]);
    }
  }
  const sorted = [...vantages].sort(([a], [b]) => (a < b ? -1 : 1));
  const tallies = Object.fromEntries(sorted.map(([vantage, all]) => [vantage, combineTallies(all)]));
  return { ...itemOf(target, targetKey.day(date), tallies), ...coverage(hours.length) };
}

const hoursOfDay = 24;

/** How many hours of a day are known of, where it is not all of them. */
export function coverage(hours: number): Pick<TargetSummary, 'hours'> {
  return hours < hoursOfDay ? { hours } : {};
}

function itemOf(target: string, sk: string, vantages: object, ttl?: number): Item {
  return { pk: targetKey.pk(target), sk, ...(ttl === undefined ? {} : { ttl }), packing: packingVersion, vantages };
}

/** What was found, without the words of each time: these alone can be many. */
function withoutWords({ findings, ...column }: HourColumn): HourColumn {
  if (findings === undefined) return column;
  const brief = unpackDictionary(findings).map(
    (finding): Finding | null => finding && [finding[0], finding[1], null, null],
  );
  return { ...column, findings: packDictionary(brief) };
}

/** Oldest first, each round once. */
function inOrder<S extends RoundSample>(sightings: readonly S[]): readonly S[] {
  const byRound = new Map(sightings.map((sighting) => [sighting.round, sighting]));
  return [...byRound.values()].sort((a, b) => (a.round < b.round ? -1 : 1));
}

/** What one vantage saw of a target in an hour. Transcripts are left to rounds and incidents: here they would cost too much. */
export function columnOf(seen: readonly RoundSample[], hour: string): HourColumn {
  const sightings = inOrder(seen);
  const samples = sightings.map(({ sample }) => sample);
  const { counts, total } = tallyWithoutPhases(samples);
  const totals = samples.map((sample) => totalUnlessSum(sample.total, sample.timings));
  const findings = packDictionary(samples.map(findingOf));
  const more = packDictionary(samples.map(moreOf));
  const lags = packDictionary(sightings.map(({ lag }) => lag ?? null));
  return {
    counts,
    total,
    rounds: packRounds(
      sightings.map(({ round }) => round),
      hour,
    ),
    outcomes: packWords(samples.map(({ outcome }) => outcome)),
    ...(totals.every((each) => each === null) ? {} : { totals: packNumbers(totals) }),
    timings: timingColumns(samples),
    addresses: packDictionary(samples.map(({ address }) => address)),
    ...(findings.values.length === 0 ? {} : { findings }),
    ...(more.values.length === 0 ? {} : { more }),
    ...(lags.values.length === 0 ? {} : { lags }),
  };
}

function findingOf({ outcome, phase, code, reply, detail }: RecordedSample): Finding | null {
  return outcome === 'pass' ? null : [phase, code, reply, detail];
}

function moreOf({ threshold, facts }: RecordedSample): More | null {
  if (threshold === undefined && facts === undefined) return null;
  return { ...(threshold === undefined ? {} : { threshold }), ...(facts === undefined ? {} : { facts }) };
}

function timingColumns(samples: readonly RecordedSample[]): HourColumn['timings'] {
  const phases = new Set<string>();
  for (const { timings } of samples) for (const phase in timings) phases.add(phase);
  const columns = ([...phases].sort() as TimedPhase[]).map((phase) => {
    const times = samples.map(({ timings }) => timings[phase]);
    return [phase, packNumbers(times.map((time) => (time === undefined ? null : roundMilliseconds(time))))];
  });
  return Object.fromEntries(columns);
}

/** What an hour item has of each vantage. */
function columnsOf(item: Item): readonly (readonly [vantage: string, HourColumn])[] {
  assertPackingVersion(item);
  return restoreValues(Object.entries(item.vantages as Readonly<Record<string, HourColumn>>));
}

/** The names of an hour's rounds, of every vantage. */
export function roundsIn(item: Item): readonly string[] {
  const hour = item.sk.slice(targetKey.hour('').length);
  return columnsOf(item).flatMap(([, { rounds }]) => unpackRounds(rounds, hour));
}

/** Straight from the columns: a day of thousands of targets is millions of samples, too many to make each. */
function measuresIn(column: HourColumn): Measures {
  const rows = unpackWords(column.outcomes).map((outcome) => letsMailThrough(outcome as Outcome));
  const timings = timesIn(column);
  return {
    counts: column.counts,
    totals: totalsIn(column, timings).filter((_, row) => rows[row]),
    phases: timings.map(([phase, all]) => [
      phase,
      all.filter((time, row): time is number => time !== null && rows[row] === true),
    ]),
  };
}

type Times = readonly (readonly [TimedPhase, readonly (number | null)[]])[];

function timesIn({ timings }: HourColumn): Times {
  return Object.entries(timings).map(([phase, times]) => [phase as TimedPhase, unpackNumbers(times)]);
}

/** The total of each row: where it is not kept, the sum of its timings, as `sumOf` has it. */
function totalsIn({ totals, outcomes }: HourColumn, timings: Times): readonly number[] {
  const kept = totals === undefined ? [] : unpackNumbers(totals);
  const tenths = unpackWords(outcomes).map(() => 0);
  for (const [phase, all] of timings) {
    if (phase === 'quit') continue;
    for (const [row, time] of all.entries()) tenths[row] = (tenths[row] ?? 0) + Math.round((time ?? 0) * 10);
  }
  return tenths.map((sum, row) => kept[row] ?? roundMilliseconds(sum / 10));
}

/** The samples of an hour item, by vantage and round; without transcripts. */
export function samplesOfHour(item: Item): readonly VantageSample[] {
  const hour = item.sk.slice(targetKey.hour('').length);
  return columnsOf(item).flatMap(([vantage, column]) => {
    const samples = samplesOf(column);
    const lags = column.lags === undefined ? [] : unpackDictionary(column.lags);
    return unpackRounds(column.rounds, hour).flatMap((round, row) => {
      const [sample, lag] = [samples[row], lags[row]];
      return sample === undefined ? [] : [{ vantage, round, sample, ...(lag == null ? {} : { lag }) }];
    });
  });
}

function samplesOf(column: HourColumn): readonly RecordedSample[] {
  const timings = timesIn(column);
  const totals = totalsIn(column, timings);
  const addresses = unpackDictionary(column.addresses);
  const findings = column.findings === undefined ? [] : unpackDictionary(column.findings);
  const more = column.more === undefined ? [] : unpackDictionary(column.more);
  return unpackWords(column.outcomes).map((outcome, row): RecordedSample => {
    const [phase, code, reply, detail] = findings[row] ?? [null, null, null, null];
    const times = timings.flatMap(([name, all]) => {
      const time = all[row];
      return time === null || time === undefined ? [] : [[name, time] as const];
    });
    return {
      outcome: outcome as Outcome,
      phase,
      code,
      reply,
      detail,
      timings: timingsInOrder(new Map(times)),
      total: totals[row] ?? 0,
      address: addresses[row] ?? null,
      transcript: [],
      ...more[row],
    };
  });
}

/** What an hour or day item says in sum. An hour's phases are reckoned from its columns. */
export function summarizeItem(item: Item): TargetSummary {
  assertPackingVersion(item);
  const target = item.pk.slice(targetKey.pk('').length);
  const span = item.sk.slice(item.sk.indexOf('#') + 1);
  if (item.sk.startsWith(targetKey.day(''))) {
    const { vantages, hours } = item as unknown as Pick<TargetSummary, 'vantages' | 'hours'>;
    return { target, span, vantages, ...(hours === undefined ? {} : { hours }) };
  }
  const tallies = columnsOf(item).map(([vantage, column]) => [vantage, combineTallies([measuresIn(column)])] as const);
  return { target, span, vantages: Object.fromEntries(tallies) };
}
