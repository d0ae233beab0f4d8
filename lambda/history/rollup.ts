/**
 * Rounds to hours, hours to days: pure functions. The same rounds in any order, any of them twice, make the same items,
 * so that an hour is rolled up again whenever a late round came.
 */
import type { Outcome, Phase, TimedPhase } from '../smtp/sample.ts';
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
} from './columns.ts';
import type { RecordedSample } from './history.ts';
import { targetKey } from './keys.ts';
import { assertPacking, packingVersion, rounded, sumOf, timingsInOrder, unlikeSum } from './packing.ts';
import { itemSize, splitAbove } from './size.ts';
import type { Item } from './table.ts';
import { type Counts, outlineOf, type Percentiles, type Tally, tallyOf } from './tally.ts';

/** A sample with where and when it was taken. */
export interface Sighting {
  readonly vantage: string;
  /** Name of the round. */
  readonly round: string;
  readonly sample: RecordedSample;
  /** Of the whole round: milliseconds by which the prober may have delayed its timings; absent where they can be trusted. */
  readonly lag?: number;
}

/** A sighting of one vantage, before it is put together with those of others. */
export type Seen = Omit<Sighting, 'vantage'>;

/** What was seen of a target in an hour or a day, by vantage. */
export interface Summary {
  readonly target: string;
  /** `2026-11-22T05` or `2026-11-22`. */
  readonly span: string;
  readonly vantages: Readonly<Record<string, Tally>>;
}

/** `2026-11-22T05` */
export const hourOf = (round: string) => round.slice(0, 13);
/** `2026-11-22` */
export const dayOf = (round: string) => round.slice(0, 10);

/** The hour, `2026-11-22T05`, of an epoch time in milliseconds. */
export const hourName = (at: number) => new Date(at).toISOString().slice(0, 13);
/** `2026-11-22T05:00:00Z` */
export const startOf = (hour: string) => `${hour}:00:00Z`;
/** The last second of the hour. */
export const endOf = (hour: string) => `${hour}:59:59Z`;
export const following = (hour: string) => hourName(Date.parse(startOf(hour)) + 3_600_000);

type Finding = readonly [Phase | null, code: string | null, reply: string | null, detail: string | null];
type More = Pick<RecordedSample, 'threshold' | 'facts'>;

/** What an hour item has of each vantage; docs/table.md explains the columns. */
export interface Column {
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
export function hourItem(target: string, hour: string, columns: ReadonlyMap<string, Column>, ttl: number): Item {
  const sorted = [...columns].sort(([a], [b]) => (a < b ? -1 : 1));
  const item = (of: (column: Column) => Column): Item =>
    itemOf(
      target,
      targetKey.hour(hour),
      Object.fromEntries(sorted.map(([vantage, column]) => [vantage, of(column)])),
      ttl,
    );
  const whole = item((column) => column);
  return itemSize(whole) <= splitAbove ? whole : item(withoutWords);
}

/** The day item of a target, kept for good. */
export function dayItem(target: string, date: string, sightings: readonly Sighting[]): Item {
  return itemOf(
    target,
    targetKey.day(date),
    mapVantages(sightings, (all) => tallyOf(all.map(({ sample }) => sample))),
  );
}

function itemOf(target: string, sk: string, vantages: object, ttl?: number): Item {
  return { pk: targetKey.pk(target), sk, ...(ttl === undefined ? {} : { ttl }), packing: packingVersion, vantages };
}

/** What was found, without the words of each time: these alone can be many. */
function withoutWords({ findings, ...column }: Column): Column {
  if (findings === undefined) return column;
  const brief = unpackDictionary(findings).map(
    (finding): Finding | null => finding && [finding[0], finding[1], null, null],
  );
  return { ...column, findings: packDictionary(brief) };
}

function mapVantages<T>(sightings: readonly Sighting[], make: (all: readonly Sighting[]) => T): Record<string, T> {
  const byVantage = new Map<string, Sighting[]>();
  for (const sighting of sightings) {
    const known = byVantage.get(sighting.vantage);
    if (known === undefined) byVantage.set(sighting.vantage, [sighting]);
    else known.push(sighting);
  }
  const sorted = [...byVantage].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([vantage, all]) => [vantage, make(inOrder(all))]));
}

/** Oldest first, each round once. */
function inOrder<S extends Seen>(sightings: readonly S[]): readonly S[] {
  const byRound = new Map(sightings.map((sighting) => [sighting.round, sighting]));
  return [...byRound.values()].sort((a, b) => (a.round < b.round ? -1 : 1));
}

/** What one vantage saw of a target in an hour. Transcripts are left to rounds and incidents: here they would cost too much. */
export function columnOf(seen: readonly Seen[], hour: string): Column {
  const sightings = inOrder(seen);
  const samples = sightings.map(({ sample }) => sample);
  const { counts, total } = outlineOf(samples);
  const totals = samples.map((sample) => unlikeSum(sample.total, sample.timings));
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

function timingColumns(samples: readonly RecordedSample[]): Column['timings'] {
  const phases = new Set<string>();
  for (const { timings } of samples) for (const phase in timings) phases.add(phase);
  const columns = ([...phases].sort() as TimedPhase[]).map((phase) => {
    const times = samples.map(({ timings }) => timings[phase]);
    return [phase, packNumbers(times.map((time) => (time === undefined ? null : rounded(time))))];
  });
  return Object.fromEntries(columns);
}

/** The samples of an hour item, by vantage and round; without transcripts. */
export function sightingsOf(item: Item): readonly Sighting[] {
  assertPacking(item);
  const hour = item.sk.slice(targetKey.hour('').length);
  const vantages = item.vantages as Readonly<Record<string, Column>>;
  return Object.entries(vantages).flatMap(([vantage, column]) => {
    const samples = samplesOf(column);
    const lags = column.lags === undefined ? [] : unpackDictionary(column.lags);
    return unpackRounds(column.rounds, hour).flatMap((round, row) => {
      const [sample, lag] = [samples[row], lags[row]];
      return sample === undefined ? [] : [{ vantage, round, sample, ...(lag == null ? {} : { lag }) }];
    });
  });
}

function samplesOf(column: Column): readonly RecordedSample[] {
  const totals = column.totals === undefined ? [] : unpackNumbers(column.totals);
  const timings = Object.entries(column.timings).map(
    ([phase, times]) => [phase as TimedPhase, unpackNumbers(times)] as const,
  );
  const addresses = unpackDictionary(column.addresses);
  const findings = column.findings === undefined ? [] : unpackDictionary(column.findings);
  const more = column.more === undefined ? [] : unpackDictionary(column.more);
  return unpackWords(column.outcomes).map((outcome, row): RecordedSample => {
    const [phase, code, reply, detail] = findings[row] ?? [null, null, null, null];
    const times = timings.flatMap(([name, all]) => {
      const time = all[row];
      return time === null || time === undefined ? [] : [[name, time] as const];
    });
    const inOrder = timingsInOrder(new Map(times));
    return {
      outcome: outcome as Outcome,
      phase,
      code,
      reply,
      detail,
      timings: inOrder,
      total: totals[row] ?? sumOf(inOrder),
      address: addresses[row] ?? null,
      transcript: [],
      ...more[row],
    };
  });
}

/** What an hour or day item says in sum. An hour's phases are reckoned from its samples. */
export function summaryOf(item: Item): Summary {
  assertPacking(item);
  const target = item.pk.slice(targetKey.pk('').length);
  const span = item.sk.slice(item.sk.indexOf('#') + 1);
  if (item.sk.startsWith(targetKey.day(''))) {
    return { target, span, vantages: item.vantages as Readonly<Record<string, Tally>> };
  }
  const tallies = mapVantages(sightingsOf(item), (all) => tallyOf(all.map(({ sample }) => sample)));
  return { target, span, vantages: tallies };
}
