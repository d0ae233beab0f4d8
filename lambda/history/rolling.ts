/** The rollup at work: reads the rounds of an hour, writes the hours and days of every target in them. */
import { afterAll, isHead, rollupKey, roundKey, targetKey } from './keys.ts';
import { lagOf, type PackedEntry, packedSamples, unpackSample } from './packing.ts';
import type { Gap, Progress, Turn } from './progress.ts';
import {
  type Column,
  columnOf,
  dayItem,
  dayOf,
  endOf,
  following,
  hourItem,
  hourName,
  type Seen,
  sightingsOf,
  startOf,
} from './rollup.ts';
import type { Item, Table } from './table.ts';

export interface RollupReport {
  /** `busy`: another works on it. `out of time`: hours are left for the next run. */
  readonly ended: 'done' | 'busy' | 'out of time';
  readonly hours: readonly string[];
  /** Items written. */
  readonly written: number;
  /** Hours that ended unrolled so long ago that their rounds, if there were any, have expired. */
  readonly gaps: readonly Gap[];
}

export interface Rollup {
  /** The hour of the oldest round that is kept, null where there is none. */
  firstHour(vantages: readonly string[]): Promise<string | null>;
  /** Rolls up an hour; does nothing where its rounds are still as many as `known` by vantage. */
  hour(hour: string, vantages: readonly string[], known?: Progress['rounds']): Promise<HourReport>;
}

interface HourReport {
  readonly rounds: Progress['rounds'];
  readonly written: number;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** Puts under way at once. */
const writers = 16;

interface Retention {
  readonly roundDays: number;
  readonly hourDays: number;
}

/** A sample as stored, with its round: an hour of these fits where samples would not. */
type Entry = Pick<PackedEntry, 'packed' | 'phases'> & Omit<Seen, 'sample'>;

interface StoredRound extends Omit<Seen, 'sample'> {
  readonly entries: readonly PackedEntry[];
}

export function openRollup(table: Table, { roundDays, hourDays }: Retention): Rollup {
  const ttl = (hour: string, days: number) => Math.floor((Date.parse(startOf(hour)) + days * dayMs) / 1000);

  return {
    async firstHour(vantages) {
      const oldest = await Promise.all(vantages.map((vantage) => table.query(roundKey.pk(vantage), { limit: 1 })));
      return (
        oldest
          .flat()
          .map(({ sk }) => sk.slice(0, 13))
          .sort()[0] ?? null
      );
    },

    async hour(hour, vantages, known) {
      if (known !== undefined && sameCounts(await countRounds(table, vantages, hour), known))
        return { rounds: known, written: 0 };
      const { rounds, targets } = await readHour(table, vantages, hour);
      const written = await writeEach(table, [...targets], ([target, columns]) => {
        return hourItem(target, hour, columns, ttl(hour, hourDays));
      });
      const date = dayOf(hour);
      const ofDay = await targetsOfDay(table, date, targets.keys(), ttl(hour, roundDays + 2));
      if (!hour.endsWith('T23')) return { rounds, written };
      return { rounds, written: written + (await rollUpDay(table, date, ofDay)) };
    },
  };
}

interface Catch {
  readonly vantages: readonly string[];
  readonly deadline: number;
  readonly now: () => number;
  readonly roundDays: number;
}

/**
 * Every hour since the last time, oldest first; the last one again, for late rounds, and for what a read that may be a
 * moment behind has missed: it costs half.
 */
export async function catchUp(rollup: Rollup, turn: Turn, work: Catch): Promise<RollupReport> {
  const { vantages, now, deadline } = work;
  const { hours, again, gaps } = await plan(rollup, turn.progress(), work);
  let written = again === null ? 0 : (await redo(rollup, turn, again, vantages)).written;
  const done: string[] = [];
  const all = [...turn.progress().gaps, ...gaps];
  for (const hour of hours) {
    if (now() >= deadline) return { ended: 'out of time', hours: done, written, gaps };
    const report = await rollup.hour(hour, vantages);
    await turn.advance({ through: hour, rounds: report.rounds, gaps: all });
    written += report.written;
    done.push(hour);
  }
  return { ended: 'done', hours: done, written, gaps };
}

async function redo(rollup: Rollup, turn: Turn, hour: string, vantages: readonly string[]): Promise<HourReport> {
  const { rounds, gaps } = turn.progress();
  const report = await rollup.hour(hour, vantages, rounds);
  if (report.written > 0) await turn.advance({ through: hour, rounds: report.rounds, gaps });
  return report;
}

interface Plan {
  readonly hours: readonly string[];
  /** The last hour that was done, while all of its rounds are kept: rolled up from fewer, it would lose samples. */
  readonly again: string | null;
  readonly gaps: readonly Gap[];
}

async function plan(rollup: Rollup, { through }: Progress, { vantages, now, roundDays }: Catch): Promise<Plan> {
  const oldest = hourName(now() - roundDays * dayMs);
  const last = hourName(now() - hourMs);
  const next = through === null ? await rollup.firstHour(vantages) : following(through);
  if (next === null) return { hours: [], again: null, gaps: [] };
  const tooLate = next < oldest;
  return {
    hours: hoursFrom(tooLate ? oldest : next, last),
    again: through !== null && through > oldest ? through : null,
    gaps: tooLate ? [{ from: next, to: hourName(Date.parse(startOf(oldest)) - hourMs) }] : [],
  };
}

function hoursFrom(first: string, last: string): readonly string[] {
  const hours: string[] = [];
  for (let hour = first; hour <= last; hour = following(hour)) hours.push(hour);
  return hours;
}

/** Vantage by vantage, and only the columns are kept: so an hour of thousands of targets fits in a small memory. */
async function readHour(table: Table, vantages: readonly string[], hour: string) {
  const rounds: Record<string, number> = {};
  const targets = new Map<string, Map<string, Column>>();
  for (const vantage of vantages) {
    const read = await readRounds(table, vantage, startOf(hour), endOf(hour));
    rounds[vantage] = read.length;
    for (const [target, entries] of byTarget(read)) {
      const columns = targets.get(target) ?? new Map<string, Column>();
      targets.set(target, columns.set(vantage, columnOf(entries.map(unpackEntry), hour)));
    }
  }
  return { rounds, targets };
}

async function countRounds(table: Table, vantages: readonly string[], hour: string): Promise<Progress['rounds']> {
  const rounds: Record<string, number> = {};
  for (const vantage of vantages) {
    const items = await table.query(roundKey.pk(vantage), { from: startOf(hour), to: endOf(hour) });
    rounds[vantage] = items.filter(({ sk }) => isHead(sk)).length;
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

function unpackEntry({ packed, phases, ...named }: Entry): Seen {
  return { ...named, sample: unpackSample(packed, phases) };
}

/** Rounds of a vantage with their samples as stored, both bounds included. */
export async function readRounds(
  table: Table,
  vantage: string,
  from: string,
  to: string,
): Promise<readonly StoredRound[]> {
  const items = await table.query(roundKey.pk(vantage), { from, to: `${to}#${afterAll}` });
  const bySk = new Map(items.map((item) => [item.sk, item]));
  const heads = items.filter(({ sk }) => isHead(sk));
  return heads.map((head) => ({
    round: head.sk,
    ...lagOf(head),
    entries: packedSamples(head, (sk) => bySk.get(sk)),
  }));
}

async function rollUpDay(table: Table, date: string, targets: readonly string[]): Promise<number> {
  const range = { from: targetKey.hour(`${date}T00`), to: targetKey.hour(`${date}T23`), consistent: true };
  return writeEach(table, targets, async (target) => {
    const hours = await table.query(targetKey.pk(target), range);
    return dayItem(target, date, hours.flatMap(sightingsOf));
  });
}

/** Every target that any hour of the day had, so that one removed at noon has its day, too. */
async function targetsOfDay(
  table: Table,
  date: string,
  more: Iterable<string>,
  ttl: number,
): Promise<readonly string[]> {
  const stored = await table.get(rollupKey.pk, rollupKey.targets(date));
  const before = (stored?.targets ?? []) as readonly string[];
  const targets = [...new Set([...before, ...more])].sort();
  if (targets.length > before.length) {
    await table.put({ pk: rollupKey.pk, sk: rollupKey.targets(date), ttl, targets });
  }
  return targets;
}

/** Makes and writes one item for each, a few at once. */
async function writeEach<T>(table: Table, all: readonly T[], make: (one: T) => Item | Promise<Item>): Promise<number> {
  const left = all.values();
  const write = async () => {
    for (const one of left) await table.put(await make(one));
  };
  await Promise.all(Array.from({ length: writers }, write));
  return all.length;
}

function sameCounts(one: Progress['rounds'], other: Progress['rounds']): boolean {
  const vantages = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...vantages].every((vantage) => (one[vantage] ?? 0) === (other[vantage] ?? 0));
}
