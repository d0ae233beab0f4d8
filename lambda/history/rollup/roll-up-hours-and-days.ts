/** Rolls up one hour or one day: reads its rounds or hours, and writes an item for each target in them. */

import { roundItems } from '../packing/query-round-items.ts';
import { beganOf, freshOf, lagOf } from '../packing/read-round-attributes.ts';
import type { RoundSample } from '../packing/recorded-round.ts';
import { type PackedEntry, packedEntries, unpackSample } from '../packing/round-packing.ts';
import { endOfKeys, isRoundHead, rollupKey, roundKey, targetKey } from '../table/keys.ts';
import type { Item, Table } from '../table/table.ts';
import { isHour, isListOf, isRoundName, isText } from '../table/type-guards.ts';
import { type ReportUnreadable, readable } from '../table/unreadable.ts';
import { dayItem, hourItem } from './hour-and-day-items.ts';
import { dayOf, endOfHour, startOfHour } from './hour-and-day-names.ts';
import { type HourColumn, packColumn } from './hour-column.ts';
import type { RollupProgress } from './progress.ts';

export interface Rollup {
  /** The hour of the oldest stored round, null if there is none. */
  firstHour(vantages: readonly string[]): Promise<string | null>;
  /** Rolls up an hour. Does nothing if each vantage still has the number of rounds in `known`. */
  hour(hour: string, vantages: readonly string[], known?: RollupProgress['rounds']): Promise<HourReport>;
  /** Every target that any hour of the day had, in order: a target that was removed at noon is included. */
  targetsOf(date: string): Promise<readonly string[]>;
  /** Writes the day of these targets from its hours. Returns the number of items written. */
  day(date: string, targets: readonly string[]): Promise<number>;
}

export interface HourReport {
  readonly rounds: RollupProgress['rounds'];
  readonly written: number;
}

const dayMs = 86_400_000;
/** Concurrent puts. */
const writers = 16;

interface RollupOptions {
  readonly hourDays: number;
  readonly tell: ReportUnreadable;
}

/** A packed sample with its round. An hour of these fits in memory; an hour of unpacked samples does not. */
type Entry = Pick<PackedEntry, 'packed' | 'phases'> & Omit<RoundSample, 'sample'>;

interface StoredRound extends Omit<RoundSample, 'sample'> {
  readonly entries: readonly PackedEntry[];
}

export function openRollup(table: Table, { hourDays, tell }: RollupOptions): Rollup {
  const ttl = (hour: string, days: number) => Math.floor((Date.parse(startOfHour(hour)) + days * dayMs) / 1000);

  return {
    async firstHour(vantages) {
      const oldest = await Promise.all(vantages.map((vantage) => firstRound(table, vantage)));
      return oldest.flatMap((round) => (round === null ? [] : [round.slice(0, 13)])).sort()[0] ?? null;
    },

    async hour(hour, vantages, known) {
      if (known !== undefined && sameCounts(await countRounds(table, vantages, hour), known))
        return { rounds: known, written: 0 };
      const { rounds, targets } = await readHour(table, vantages, hour, tell);
      const written = await writeEach(table, [...targets], ([target, columns]) => {
        return hourItem(target, hour, columns, ttl(hour, hourDays));
      });
      await addTargets(table, dayOf(hour), targets.keys(), ttl(hour, hourDays));
      return { rounds, written };
    },

    targetsOf: (date) => targetsOf(table, date),

    day: (date, targets) => rollUpDay(table, date, targets, tell),
  };
}

/** How many items that are not rounds, and sort before all rounds, are skipped. */
const mostStrangers = 100;

async function firstRound(table: Table, vantage: string): Promise<string | null> {
  for (const limit of [1, mostStrangers]) {
    const oldest = await table.query(roundKey.pk(vantage), { limit, keysOnly: true });
    const round = oldest.map(({ sk }) => sk).find((sk) => isRoundName(sk) && isHour(sk.slice(0, 13)));
    if (round !== undefined || oldest.length < limit) return round ?? null;
  }
  return null;
}

/**
 * Reads one vantage at a time and keeps its columns alone, so that an hour of thousands of targets fits in a small
 * memory.
 */
async function readHour(table: Table, vantages: readonly string[], hour: string, tell: ReportUnreadable) {
  const rounds: Record<string, number> = {};
  const targets = new Map<string, Map<string, HourColumn>>();
  for (const vantage of vantages) {
    const items = await roundItems(table, vantage, startOfHour(hour), endOfHour(hour), false);
    // As `countRounds` counts them: one that cannot be read must not cause a new rollup each hour.
    rounds[vantage] = items.length;
    for (const [target, entries] of byTarget(storedRounds(items, tell))) {
      const columns = targets.get(target) ?? new Map<string, HourColumn>();
      targets.set(target, columns.set(vantage, packColumn(entries.map(unpackEntry), hour)));
    }
  }
  return { rounds, targets };
}

/** With the parts of rounds: a sample that was added to a recorded round is a part. */
async function countRounds(table: Table, vantages: readonly string[], hour: string): Promise<RollupProgress['rounds']> {
  const rounds: Record<string, number> = {};
  for (const vantage of vantages) {
    const items = await table.query(roundKey.pk(vantage), {
      from: startOfHour(hour),
      to: `${endOfHour(hour)}#${endOfKeys}`,
      keysOnly: true,
    });
    rounds[vantage] = items.length;
  }
  return rounds;
}

function byTarget(rounds: readonly StoredRound[]): ReadonlyMap<string, readonly Entry[]> {
  const targets = new Map<string, Entry[]>();
  for (const { entries, ...named } of rounds) {
    for (const { target, packed, phases } of entries) {
      const entry = { ...named, packed, phases };
      const known = targets.get(target);
      if (known === undefined) targets.set(target, [entry]);
      else known.push(entry);
    }
  }
  return targets;
}

function unpackEntry({ packed, phases, ...named }: Entry): RoundSample {
  return { ...named, sample: unpackSample(packed, phases) };
}

/** Rounds of a vantage with their packed samples, both bounds included. */
export async function readPackedRounds(
  table: Table,
  vantage: string,
  from: string,
  to: string,
  tell: ReportUnreadable,
): Promise<readonly StoredRound[]> {
  return storedRounds(await roundItems(table, vantage, from, to, false), tell);
}

function storedRounds(items: readonly Item[], tell: ReportUnreadable): readonly StoredRound[] {
  const bySk = new Map(items.map((item) => [item.sk, item]));
  const heads = items.filter(({ sk }) => isRoundHead(sk));
  const storedRound = (head: Item): StoredRound => ({
    round: head.sk,
    ...beganOf(head),
    ...lagOf(head),
    ...freshOf(head),
    entries: packedEntries(head, (sk) => bySk.get(sk)),
  });
  return readable(heads, storedRound, tell);
}

async function rollUpDay(
  table: Table,
  date: string,
  targets: readonly string[],
  tell: ReportUnreadable,
): Promise<number> {
  const range = { from: targetKey.hour(`${date}T00`), to: targetKey.hour(`${date}T23`), consistent: true };
  return writeEach(table, targets, async (target) => {
    return dayItem(target, date, await table.query(targetKey.pk(target), range), tell);
  });
}

async function targetsOf(table: Table, date: string): Promise<readonly string[]> {
  const stored = await table.get(rollupKey.pk, rollupKey.targets(date));
  return isListOf(stored?.targets, isText) ? stored.targets : [];
}

/** Kept as long as hours are: a day that a gap cuts short is written when the gap is found, which may be much later. */
async function addTargets(table: Table, date: string, more: Iterable<string>, ttl: number): Promise<void> {
  const before = await targetsOf(table, date);
  const targets = [...new Set([...before, ...more])].sort();
  if (targets.length > before.length) {
    await table.put({ pk: rollupKey.pk, sk: rollupKey.targets(date), ttl, targets });
  }
}

/** Makes and writes one item for each, a few concurrently. */
async function writeEach<T>(table: Table, all: readonly T[], make: (one: T) => Item | Promise<Item>): Promise<number> {
  const left = all.values();
  const write = async () => {
    for (const one of left) await table.put(await make(one));
  };
  await Promise.all(Array.from({ length: writers }, write));
  return all.length;
}

function sameCounts(one: RollupProgress['rounds'], other: RollupProgress['rounds']): boolean {
  const vantages = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...vantages].every((vantage) => (one[vantage] ?? 0) === (other[vantage] ?? 0));
}
