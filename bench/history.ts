/** What history costs: write units, read units, and the rollup's time and memory. Metered by the embedded DynamoDB. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHistory } from '../lambda/history/history.ts';
import type { RoundSample } from '../lambda/history/packing/recorded-round.ts';
import { dayItem, hourItem } from '../lambda/history/rollup/hour-and-day-items.ts';
import { hourName } from '../lambda/history/rollup/hour-and-day-names.ts';
import { packColumn } from '../lambda/history/rollup/hour-column.ts';
import { dynamodbTable } from '../lambda/history/table/dynamodb.ts';
import { itemSize } from '../lambda/history/table/item-size.ts';
import { targetKey } from '../lambda/history/table/keys.ts';
import { localTable, openDatabase } from '../local/database.ts';
import { roundOf, seeded, vantageTrips } from './history/fleet.ts';
import { billLinesOf, takeRounds } from './history/monthly-bill.ts';

const start = Date.parse('2026-11-22T00:00:00Z');
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const three = Object.keys(vantageTrips).slice(0, 3);
const five = Object.keys(vantageTrips);

interface Units {
  put: number;
  get: number;
  query: number;
  calls: number;
}

/** A database of its own, a clock, and the units that each call consumed. */
async function openBench() {
  const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-bench-'));
  const database = await openDatabase(folder);
  const clock = { now: start };
  const units: Units = { put: 0, get: 0, query: 0, calls: 0 };
  const meter = (call: 'put' | 'get' | 'query', consumed: number) => {
    units[call] += consumed;
    units.calls += 1;
  };
  const table = dynamodbTable(database.client, localTable, { now: () => clock.now, meter });
  const history = openHistory(table, { now: () => clock.now });
  const metered = async <T>(work: () => Promise<T>) => {
    const before = { ...units };
    const since = performance.now();
    const result = await work();
    const used = { put: units.put - before.put, query: units.query - before.query, calls: units.calls - before.calls };
    return { result, used, ms: performance.now() - since };
  };
  const close = async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, clock, table, history, metered, close };
}

type Bench = Awaited<ReturnType<typeof openBench>>;

async function record({ history }: Bench, targets: number, vantages: readonly string[], from: number, until: number) {
  const random = seeded(targets);
  for (let at = from; at < until; at += minute) {
    await Promise.all(vantages.map((vantage) => history.recordRound(roundOf(vantage, at, targets, random))));
  }
}

/** Write units of an hour of rounds, and of its rollup, per 1,000 samples. */
async function writes(targets: number): Promise<readonly (string | number)[]> {
  const bench = await openBench();
  const rounds = await bench.metered(() => record(bench, targets, three, start, start + hour));
  bench.clock.now = start + hour;
  const rollup = await bench.metered(() => bench.history.rollUp({ vantages: three, by: 'bench', deadline: Infinity }));
  await bench.close();
  const per1000 = (units: number) => (units * 1000) / (targets * three.length * 60);
  const both = per1000(rounds.used.put) + per1000(rollup.used.put);
  return [targets, one(per1000(rounds.used.put)), one(per1000(rollup.used.put)), one(both), 1000];
}

/** A day of one target at the resolution of rounds, and a year of it by days. */
async function reads(): Promise<readonly (readonly (string | number)[])[]> {
  const bench = await openBench();
  const target = 'mx1.example';
  await record(bench, 1, three, start, start + day);
  bench.clock.now = start + day;
  await bench.history.rollUp({ vantages: three, by: 'bench', deadline: Infinity });
  const last = await bench.metered(() => bench.history.samples(target, three, iso(start), iso(start + day - 1000)));
  const hours = await bench.table.query(targetKey.pk(target), { from: targetKey.hour(''), to: targetKey.hour('~') });
  for (let n = 0; n < 365; n++) await bench.table.put(dayItem(target, iso(start + n * day).slice(0, 10), hours));
  const year = await bench.metered(() => bench.history.days(target, iso(start)));
  const stored = await bench.table.query(`target#${target}`, {});
  await bench.close();
  const bytes = (prefix: string) =>
    stored.filter(({ sk }) => sk.startsWith(prefix)).reduce((sum, item) => sum + itemSize(item), 0);
  return [
    [
      '24 hours, each sample',
      last.result.length,
      one(last.used.query),
      last.used.calls,
      kb(bytes('hour#')),
      one(last.ms),
    ],
    ['a year of days', year.result.length, one(year.used.query), year.used.calls, kb(bytes('day#')), one(year.ms)],
  ];
}

/** The same day of one target among others: what is not rolled up yet is read from whole rounds, with all targets in them. */
async function readsAmong(targets: number): Promise<readonly (readonly (string | number)[])[]> {
  const bench = await openBench();
  await record(bench, 1, three, start, start + 22 * hour);
  await record(bench, targets, three, start + 22 * hour, start + day + 7 * minute);
  const lastDay = async (what: string, now: number) => {
    bench.clock.now = now;
    const [since, until] = [iso(now - day), iso(now)];
    const read = await bench.metered(() => bench.history.samples('mx1.example', three, since, until));
    return [what, read.result.length, one(read.used.query), read.used.calls, '', one(read.ms)];
  };
  bench.clock.now = start + 23 * hour + 7 * minute;
  await bench.history.rollUp({ vantages: three, by: 'bench', deadline: Infinity });
  const rows = [
    await lastDay(`24 hours, one of ${targets}, just after a rollup`, bench.clock.now),
    await lastDay(`24 hours, one of ${targets}, just before the next`, bench.clock.now + 59 * minute),
  ];
  await bench.close();
  return rows;
}

/** What V8 may use in a function of 512 MB; with more at hand it collects garbage later, and takes more. */
const heap = '--max-old-space-size=384';

/** One hour of so many targets from five vantages, rolled up. */
async function rollUpHour(targets: number): Promise<readonly (string | number)[]> {
  const bench = await openBench();
  await record(bench, targets, five, start, start + hour);
  const taken = await rolledUpApart(bench, start + hour);
  await bench.close();
  return ['an hour', targets, five.length, ...taken];
}

/** The hour that ends a day, and the day with it. */
async function rollUpDay(targets: number): Promise<readonly (string | number)[]> {
  const bench = await openBench();
  const last = start + 23 * hour;
  await writeHours(bench, targets, start, last);
  await record(bench, targets, five, last, start + day);
  const taken = await rolledUpApart(bench, start + day);
  await bench.close();
  return ['T23 and its day', targets, five.length, ...taken];
}

/** Hours that are rolled up already: the same columns in each of them. */
async function writeHours({ table }: Bench, targets: number, from: number, until: number): Promise<void> {
  const random = seeded(targets);
  const seen = new Map<string, Map<string, RoundSample[]>>();
  for (let at = from; at < from + hour; at += minute) {
    for (const vantage of five) {
      const { round, samples } = roundOf(vantage, at, targets, random);
      for (const [target, sample] of samples) {
        const all = seen.get(target) ?? new Map<string, RoundSample[]>();
        all.set(vantage, [...(all.get(vantage) ?? []), { round, sample }]);
        seen.set(target, all);
      }
    }
  }
  for (const [target, all] of seen) {
    const columns = new Map([...all].map(([vantage, some]) => [vantage, packColumn(some, hourName(from))]));
    for (let at = from; at < until; at += hour)
      await table.put(hourItem(target, hourName(at), columns, until / 1000 + 1e6));
  }
  const done = { through: hourName(until - hour), rounds: {}, gaps: [], days: [], version: 1, lease: null };
  await table.put({ ...done, pk: 'rollup', sk: 'hours' });
}

/** By a process of its own, whose memory is held to that of the function. */
async function rolledUpApart({ folder }: Bench, now: number): Promise<readonly (string | number)[]> {
  const script = join(import.meta.dirname, 'history', 'roll-up-hour.ts');
  const child = spawn(process.execPath, [heap, '--import', 'tsx', script, folder, String(now), ...five], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await once(child, 'close');
  const { written, seconds, cpuSeconds, idleMb, peakMb } = JSON.parse(printed) as Record<string, number>;
  return [written ?? 0, one(seconds), one(cpuSeconds), Math.round(idleMb ?? 0), Math.round(peakMb ?? 0)];
}

/** The bill of a fleet: its work measured on real sessions, its rounds and their hour metered. */
async function bill(targets: number): Promise<void> {
  const sessions = await openBench();
  const taken = await takeRounds(sessions.folder, targets, three);
  await sessions.close();
  const { probe, judge, peakMb } = taken.taken;
  const share = taken.share < 1 ? `on ${taken.share.toFixed(2)} of a processor` : 'on a whole processor';
  console.log(`\nWarm functions ${share}; ${targets} STARTTLS targets 12, 85 and 220 ms away; milliseconds, MB:`);
  const rows = [
    ['probe', one(probe.wall), one(probe.slowest), one(probe.cpu), one(probe.lag), Math.round(peakMb)],
    ['judge', one(judge.wall), '', one(judge.cpu), '', Math.round(peakMb)],
  ];
  print(['function', 'it runs', 'slowest session', 'CPU', 'event loop late by', 'MB at most'], rows);

  const bench = await openBench();
  await record(bench, targets, three, start, start + hour);
  bench.clock.now = start + hour;
  await bench.history.rollUp({ vantages: three, by: 'bench', deadline: Infinity });
  const names = Array.from({ length: targets }, (_, n) => `mx${n + 1}.example`);
  const lines = await billLinesOf({ ...bench, targets: names, vantages: three }, taken);
  await bench.close();
  console.log(['', ...lines].join('\n'));
}

export async function run(): Promise<void> {
  console.log('Write units per 1,000 samples, three vantages, an hour of rounds each minute:');
  const sizes = [];
  for (const targets of [1, 10, 100, 1000]) sizes.push(await writes(targets));
  print(['targets', 'rounds', 'rollup', 'both', 'one item per sample'], sizes);
  console.log('\nReads of one target seen from three vantages:');
  print(['what', 'rows', 'read units', 'calls', 'KB', 'ms'], [...(await reads()), ...(await readsAmong(100))]);
  console.log('\nRollup:');
  const columns = ['what', 'targets', 'vantages', 'items written', 'seconds', 'CPU seconds', 'MB before', 'MB at most'];
  print(columns, [await rollUpHour(1000), await rollUpDay(1000)]);
  await bill(100);
}

function print(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const lines = [columns, ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, place) => Math.max(...lines.map((line) => line[place]?.length ?? 0)));
  for (const line of lines) console.log(`  ${line.map((cell, place) => cell.padStart(widths[place] ?? 0)).join('  ')}`);
}

const iso = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
const one = (value: number | undefined) => (value ?? 0).toFixed(1);
const kb = (bytes: number) => one(bytes / 1024);
