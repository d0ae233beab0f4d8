/** What an hour item has of one vantage: the samples of an hour, column by column. */
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
import type { RecordedSample, RoundSample } from '../packing/recorded-round.ts';
import { isMore, roundMilliseconds, timingsInOrder, totalUnlessSum } from '../packing/round-packing.ts';
import { isFields, isListOf, isMapOf, isNumber, isText, isTextOrNull } from '../table/type-guards.ts';
import { delayColumn, type WatchedColumn } from './column-spans.ts';
import {
  type Counts,
  isCounts,
  isPassOrWarn,
  isPercentiles,
  type Measures,
  type Percentiles,
  tallyWithoutPhases,
} from './tally.ts';

type Finding = readonly [Phase | null, code: string | null, reply: string | null, detail: string | null];
/** Fields that few samples have. */
type More = Pick<RecordedSample, 'threshold' | 'facts' | 'late'>;

/** What an hour item holds of each vantage; docs/table.md explains the columns. */
export interface HourColumn extends WatchedColumn {
  readonly counts: Counts;
  readonly total: Percentiles | null;
  /** Omitted if the timings of each sample add up to its total. */
  readonly totals?: string;
  readonly timings: Readonly<Partial<Record<TimedPhase, string>>>;
  readonly addresses: Dictionary<string>;
  readonly findings?: Dictionary<Finding>;
  readonly more?: Dictionary<More>;
  /** Milliseconds of lag of each round. Omitted if all timings can be trusted. */
  readonly lags?: Dictionary<number>;
}

/** Keeps phase and code of each finding; drops reply and detail, which can differ in each sample. */
export function dropReplyTexts({ findings, ...column }: HourColumn): HourColumn {
  if (findings === undefined) return column;
  const brief = unpackDictionary(findings).map(
    (finding): Finding | null => finding && [finding[0], finding[1], null, null],
  );
  return { ...column, findings: packDictionary(brief) };
}

/** Oldest first, each round once. */
function sortRounds<S extends RoundSample>(rounds: readonly S[]): readonly S[] {
  const byRound = new Map(rounds.map((round) => [round.round, round]));
  return [...byRound.values()].sort((a, b) => (a.round < b.round ? -1 : 1));
}

/**
 * Packs the samples of one vantage and target of an hour. Transcripts stay with rounds and incidents: here they would
 * cost too much.
 */
export function packColumn(unsorted: readonly RoundSample[], hour: string): HourColumn {
  const rounds = sortRounds(unsorted);
  const samples = rounds.map(({ sample }) => sample);
  const { counts, total } = tallyWithoutPhases(samples);
  const totals = samples.map((sample) => totalUnlessSum(sample.total, sample.timings));
  const findings = packDictionary(samples.map(findingOf));
  const more = packDictionary(samples.map(moreOf));
  const lags = packDictionary(rounds.map(({ lag }) => lag ?? null));
  const watched = {
    rounds: packRounds(
      rounds.map(({ round }) => round),
      hour,
    ),
    outcomes: packWords(samples.map(({ outcome }) => outcome)),
    ...(more.values.length === 0 ? {} : { more }),
    ...freshColumn(rounds.map(({ fresh }) => fresh)),
  };
  return {
    counts,
    total,
    ...watched,
    ...(totals.every((each) => each === null) ? {} : { totals: packNumbers(totals) }),
    timings: timingColumns(samples),
    addresses: packDictionary(samples.map(({ address }) => address)),
    ...(findings.values.length === 0 ? {} : { findings }),
    ...(lags.values.length === 0 ? {} : { lags }),
    ...delayColumn(rounds, watched, hour),
  };
}

function freshColumn(rows: readonly (number | undefined)[]): Pick<HourColumn, 'fresh'> {
  const known = rows.filter((fresh) => fresh !== undefined);
  const [first] = known;
  if (first === undefined || known.length < rows.length) return {};
  return { fresh: known.every((fresh) => fresh === first) ? first : packDictionary(known) };
}

/** The total of each round that passed or warned, with its name. */
export function roundTotals(column: HourColumn, hour: string): readonly (readonly [round: string, total: number])[] {
  const passed = passedTotals(column);
  return unpackRounds(column.rounds, hour).flatMap((round, row) => {
    const total = passed[row] ?? null;
    return total === null ? [] : [[round, total] as const];
  });
}

/** The same without names, for much less work. */
export function totalsOfColumn(column: HourColumn): readonly number[] {
  return passedTotals(column).filter((total) => total !== null);
}

/** The total of each round; null if it did not pass or warn. */
function passedTotals(column: HourColumn): readonly (number | null)[] {
  const outcomes = unpackWords(column.outcomes);
  return totalsIn(column, timesIn(column)).map((total, row) => (isPassOrWarn(outcomes[row] as Outcome) ? total : null));
}

function findingOf({ outcome, phase, code, reply, detail }: RecordedSample): Finding | null {
  return outcome === 'pass' ? null : [phase, code, reply, detail];
}

function moreOf({ threshold, facts, late }: RecordedSample): More | null {
  if (threshold === undefined && facts === undefined && late === undefined) return null;
  return {
    ...(threshold === undefined ? {} : { threshold }),
    ...(facts === undefined ? {} : { facts }),
    ...(late === undefined ? {} : { late }),
  };
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

/** Measures a column without unpacking its samples: a day of thousands of targets has millions of them. */
export function measureColumn(column: HourColumn): Measures {
  const rows = unpackWords(column.outcomes).map((outcome) => isPassOrWarn(outcome as Outcome));
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

/** The total of each row: the stored total, or else the sum of its timings as `sumOfTimings` computes it. */
function totalsIn({ totals, outcomes }: HourColumn, timings: Times): readonly number[] {
  const kept = totals === undefined ? [] : unpackNumbers(totals);
  const tenths = unpackWords(outcomes).map(() => 0);
  for (const [phase, all] of timings) {
    if (phase === 'quit') continue;
    for (const [row, time] of all.entries()) tenths[row] = (tenths[row] ?? 0) + Math.round((time ?? 0) * 10);
  }
  return tenths.map((sum, row) => kept[row] ?? roundMilliseconds(sum / 10));
}

export function unpackColumn(column: HourColumn): readonly RecordedSample[] {
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

/** Values of `more` may be the name of a vantage that has the same. */
export function isHourColumn(value: unknown): value is HourColumn {
  if (!isFields(value)) return false;
  const { counts, total, rounds, outcomes, totals, timings, addresses, findings, more, lags, fresh, delays } = value;
  return (
    isCounts(counts) &&
    (total === null || isPercentiles(total)) &&
    [rounds, outcomes, totals ?? ''].every(isText) &&
    isMapOf(timings, isText) &&
    isDictionary(addresses, isText) &&
    (findings === undefined || isDictionary(findings, isFinding)) &&
    (more === undefined ||
      isDictionary(more, isMore) ||
      (isFields(more) && isText(more.values) && isText(more.rows))) &&
    (lags === undefined || isDictionary(lags, isNumber)) &&
    (fresh === undefined || isNumber(fresh) || isDictionary(fresh, isNumber)) &&
    (delays === undefined || isText(delays))
  );
}

function isDictionary<T>(value: unknown, is: (each: unknown) => each is T): value is Dictionary<T> {
  return isFields(value) && isListOf(value.values, is) && isText(value.rows);
}

function isFinding(value: unknown): value is Finding {
  return isListOf(value, isTextOrNull) && value.length === 4;
}
