/** Makes shards of rounds: of hour items, and of samples that are not rolled up yet. */
import { expandFacts } from '../../consensus/facts/server-facts.ts';
import { packDictionary, unpackDictionary, unpackWords } from '../../history/packing/column-packing.ts';
import type { VantageSample } from '../../history/packing/recorded-round.ts';
import { hourOf } from '../../history/rollup/hour-and-day-names.ts';
import { dropReplyTexts, type HourColumn, packColumn } from '../../history/rollup/hour-column.ts';
import type { RoundColumns, SessionColumns, ShardDetail, ShardHour } from './shard.ts';

/** The columns of an hour by vantage, as the history has them. */
export interface HourOfColumns {
  readonly hour: string;
  readonly columns: readonly (readonly [vantage: string, HourColumn])[];
  /** By vantage, of each round. Only where rounds are kept. */
  readonly transcripts?: ReadonlyMap<string, readonly (readonly string[] | null)[]>;
}

/** Rounds in a shard: five vantages each minute of a day have a quarter of it. */
const MOST_ROUNDS = 30_000;
/** Characters of replies and details, and of transcripts. Servers choose them. */
const MOST_TEXT = 150_000;

type RoundsOfShard = { readonly hours: readonly ShardHour[]; readonly omitted: number };

/** @param hours oldest first */
export function roundHours(hours: readonly HourOfColumns[], detail: ShardDetail): RoundsOfShard {
  const { kept, omitted } = newestHours(hours);
  const known = new Map<string, Readonly<Record<string, string>>>();
  const fitted = detail === 'full' ? fitTexts(kept) : kept;
  const made = fitted.map(({ hour, columns, transcripts }) => ({
    hour,
    vantages: Object.fromEntries(
      columns.map(([vantage, column]) => {
        const sessions =
          detail === 'full' ? { sessions: sessionColumns(vantage, column, transcripts?.get(vantage), known) } : {};
        return [vantage, { ...timesOf(column), ...sessions }];
      }),
    ),
  }));
  return { hours: made, omitted };
}

function timesOf({ rounds, outcomes, totals, timings }: HourColumn): RoundColumns {
  return { rounds, outcomes, ...(totals === undefined ? {} : { totals }), timings };
}

/** @param known the facts of each vantage so far; those of this hour are added */
function sessionColumns(
  vantage: string,
  { addresses, findings, more }: HourColumn,
  transcripts: readonly (readonly string[] | null)[] | undefined,
  known: Map<string, Readonly<Record<string, string>>>,
): SessionColumns {
  const facts = (more === undefined ? [] : unpackDictionary(more)).flatMap((one, row) => {
    const before = known.get(vantage) ?? {};
    const all = Object.entries(expandFacts(one?.facts ?? {}));
    const changed = Object.fromEntries(all.filter(([name, value]) => before[name] !== value));
    known.set(vantage, { ...before, ...changed });
    return Object.keys(changed).length === 0 ? [] : [[row, changed] as const];
  });
  return {
    addresses,
    ...(findings === undefined ? {} : { findings }),
    ...(transcripts?.some((lines) => lines !== null) ? { transcripts: packDictionary(transcripts) } : {}),
    ...(facts.length === 0 ? {} : { facts }),
  };
}

function newestHours(hours: readonly HourOfColumns[]): {
  readonly kept: readonly HourOfColumns[];
  readonly omitted: number;
} {
  let left = MOST_ROUNDS;
  let omitted = 0;
  const kept = hours.toReversed().filter(({ columns }) => {
    const rounds = columns.reduce((sum, [, { outcomes }]) => sum + unpackWords(outcomes).length, 0);
    left -= rounds;
    if (left < 0) omitted += rounds;
    return left >= 0;
  });
  return { kept: kept.toReversed(), omitted };
}

/** Texts of the newest hours first. An hour whose texts have no place keeps phase and code of each failure. */
function fitTexts(hours: readonly HourOfColumns[]): readonly HourOfColumns[] {
  const [fits, transcriptFits] = [openBudget(), openBudget()];
  return hours
    .toReversed()
    .map(({ hour, columns, transcripts }) => ({
      hour,
      columns: columns.map(([vantage, column]) => {
        const fitted = fits(column.findings?.values ?? []) ? column : dropReplyTexts(column);
        return [vantage, fitted] as const;
      }),
      ...(transcripts === undefined ? {} : { transcripts: fitTranscripts(transcripts, transcriptFits) }),
    }))
    .toReversed();
}

/** Whether a text still has its place, which it takes then. */
function openBudget(): (text: unknown) => boolean {
  let left = MOST_TEXT;
  return (text) => {
    const { length } = JSON.stringify(text);
    if (length > left) return false;
    left -= length;
    return true;
  };
}

function fitTranscripts(
  transcripts: ReadonlyMap<string, readonly (readonly string[] | null)[]>,
  fits: (text: unknown) => boolean,
): ReadonlyMap<string, readonly (readonly string[] | null)[]> {
  const placed = new Map<string, boolean>();
  const hasPlace = (lines: readonly string[]) => {
    const text = lines.join('\n');
    const known = placed.get(text) ?? fits(lines);
    placed.set(text, known);
    return known;
  };
  return new Map(
    [...transcripts].map(([vantage, all]) => [
      vantage,
      all
        .toReversed()
        .map((lines) => (lines === null || !hasPlace(lines) ? null : lines))
        .toReversed(),
    ]),
  );
}

/** Samples of the last hours, of which each hour becomes columns. */
export function hoursOfSamples(samples: readonly VantageSample[]): readonly HourOfColumns[] {
  const hours = groupBy(samples, ({ round }) => hourOf(round));
  return [...hours]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([hour, all]) => {
      const vantages = [...groupBy(all, ({ vantage }) => vantage)];
      return {
        hour,
        columns: vantages.map(([vantage, own]) => [vantage, packColumn(own, hour)] as const),
        transcripts: new Map(vantages.map(([vantage, own]) => [vantage, transcriptsOf(own)])),
      };
    });
}

function groupBy(
  samples: readonly VantageSample[],
  nameOf: (sample: VantageSample) => string,
): ReadonlyMap<string, readonly VantageSample[]> {
  const groups = new Map<string, VantageSample[]>();
  for (const sample of samples) {
    const own = groups.get(nameOf(sample));
    if (own === undefined) groups.set(nameOf(sample), [sample]);
    else own.push(sample);
  }
  return groups;
}

/** In the order of `packColumn`: each round once. */
function transcriptsOf(samples: readonly VantageSample[]): readonly (readonly string[] | null)[] {
  const byRound = new Map(samples.map(({ round, sample }) => [round, sample]));
  return [...byRound]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { transcript }]) => (transcript.length === 0 ? null : transcript));
}
