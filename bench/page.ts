/**
 * What the status page of a fleet takes on AWS: objects that each kind of publication writes, their bytes, CPU time, and read
 * units of the table. 90 days, five vantages, a round each minute; the history is in memory.
 */

import type { Config } from '../lambda/config/config.ts';
import { parseConfig } from '../lambda/config/parse.ts';
import { isoSeconds } from '../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../lambda/history/history.ts';
import type { RoundSample } from '../lambda/history/packing/recorded-round.ts';
import { dayItem, hourItem } from '../lambda/history/rollup/hour-and-day-items.ts';
import { hourName } from '../lambda/history/rollup/hour-and-day-names.ts';
import { packColumn } from '../lambda/history/rollup/hour-column.ts';
import { readRollupProgress } from '../lambda/history/rollup/progress.ts';
import { judge } from '../lambda/judge/judge.ts';
import { shardsOf } from '../lambda/publish/history-files.ts';
import { manifestText, readManifest } from '../lambda/publish/manifest.ts';
import { openPageReader } from '../lambda/publish/page-reader.ts';
import { type PublicationReport, publish } from '../lambda/publish/publish.ts';
import { refused } from '../test/history/samples.ts';
import { testPorts } from '../test/ports.ts';
import { type MemorySite, memorySite } from '../test/publish/memory-site.ts';
import { roundOf, seeded, vantageTrips } from './history/fleet.ts';
import { type IndexedTable, openIndexedTable } from './page/indexed-table.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const NOW = Date.parse('2026-11-26T12:20:00Z');
const VANTAGES = Object.keys(vantageTrips);

export async function run(): Promise<void> {
  console.log('The status page of a fleet at five vantages, a round each minute, 90 days:\n');
  console.log(
    ['targets', 'publication', 'objects', 'KB', 'CPU ms', 'read units', 'MB of heap']
      .map((head) => head.padStart(14))
      .join(''),
  );
  for (const targets of [10, 100, 1_000]) await publications(targets);
}

interface Fleet {
  readonly config: Config;
  readonly table: IndexedTable;
  readonly store: MemorySite;
  now: number;
}

async function publications(targets: number): Promise<void> {
  const fleet: Fleet = { config: configOf(targets), table: openIndexedTable(), store: memorySite(), now: NOW };
  await recordDays(fleet, targets);
  await recordRounds(fleet, targets, NOW - HOUR, NOW);
  const reader = openPageReader(fleet.config, fleet.table, () => fleet.now);
  const one = (what: string, newsAt: number) => measured(fleet, reader, targets, what, newsAt);
  await one('the first', Number.POSITIVE_INFINITY);
  await markShards(fleet);
  // Pages name the shards that there are.
  await silently(fleet, reader);
  await recordRounds(fleet, targets, fleet.now, fleet.now + 5 * MINUTE);
  fleet.now += 5 * MINUTE;
  await one('five minutes', Number.POSITIVE_INFINITY);
  await recordRounds(fleet, targets, fleet.now, fleet.now + 3 * MINUTE, 'mx1.example');
  fleet.now += 3 * MINUTE;
  await one('a verdict', fleet.now);
  await rollUp(fleet, targets, fleet.now - (fleet.now % HOUR));
  fleet.now += HOUR;
  await recordRounds(fleet, targets, fleet.now - 20 * MINUTE, fleet.now);
  await one('the hour', Number.POSITIVE_INFINITY);
}

type Reader = ReturnType<typeof openPageReader>;

function silently(
  { store, now }: Fleet,
  reader: Reader,
  newsAt = Number.POSITIVE_INFINITY,
): Promise<PublicationReport> {
  return publish({ store, shows: 'all', read: reader.read, by: 'bench', now: () => now, deadline: now + HOUR, newsAt });
}

async function measured(fleet: Fleet, reader: Reader, targets: number, what: string, newsAt: number): Promise<void> {
  fleet.table.readUnits();
  const before = fleet.store.log.length;
  const cpu = process.cpuUsage();
  const { written } = await silently(fleet, reader, newsAt);
  const { user, system } = process.cpuUsage(cpu);
  const paths = fleet.store.log.slice(before);
  const bytes = paths.reduce((sum, path) => sum + Buffer.byteLength(fleet.store.objects.get(path)?.body ?? ''), 0);
  const cells = [
    targets,
    what,
    written,
    Math.round(bytes / 1024),
    Math.round((user + system) / 1000),
    Math.round(fleet.table.readUnits()),
    Math.round(process.memoryUsage().heapUsed / 1e6),
  ];
  console.log(cells.map((cell) => String(cell).padStart(14)).join(''));
}

function configOf(targets: number): Config {
  const yaml = `
home: us-east-1
vantages: [${VANTAGES.join(', ')}]
ehloName: probe.example.com
secondOpinion: false
confirm: 1
statusPage: { access: public }
targets:
${Array.from({ length: targets }, (_, n) => `  - { id: mx${n + 1}.example, host: mx${n + 1}.example.com, port: 587 }`).join('\n')}
`;
  const parsed = parseConfig(yaml, 'bench.yaml', () => '');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

/** As if all shards that are left were written: they are, some in each run. */
async function markShards({ store, table, config }: Fleet): Promise<void> {
  const found = await store.manifest();
  const manifest = readManifest(found?.text ?? '');
  const { through } = await readRollupProgress(table);
  const targets = config.targets.map(({ id }) => ({ id, detail: 'name' as const, hidesReasons: true as const }));
  const labels = [...shardsOf(targets, through ?? '')].map(
    ([path, { label }]) => [path, { news: label, whole: 'there' }] as const,
  );
  await store.writeManifest(
    manifestText({ ...manifest, files: new Map([...manifest.files, ...labels]) }),
    found?.tag ?? null,
  );
}

/** Rounds, and a pass of the judge. @param down a target that fails in the last of them */
async function recordRounds(fleet: Fleet, targets: number, from: number, until: number, down?: string): Promise<void> {
  const random = seeded(targets);
  const history = openHistory(fleet.table, { now: () => until });
  for (let at = from; at < until; at += MINUTE) {
    for (const vantage of VANTAGES) {
      const round = roundOf(vantage, at, targets, random);
      const samples = down === undefined ? round.samples : new Map([...round.samples, [down, refused] as const]);
      await history.recordRound({ ...round, samples });
    }
  }
  const { ports } = testPorts([]);
  await judge({ ...ports, config: fleet.config, history, now: () => until });
}

/** 89 days, and the hours of today: those of each target are the same. */
async function recordDays({ table }: Fleet, targets: number): Promise<void> {
  const today = NOW - (NOW % DAY);
  const columns = columnsOfHour(today - DAY);
  const hourOf = (target: string, at: number) => hourItem(target, hourName(at), columns, NOW / 1000 + 1e7);
  const hours = Array.from({ length: 24 }, (_, nth) => hourOf('x', today - DAY + nth * HOUR));
  const day = dayItem('x', isoSeconds(today - DAY).slice(0, 10), hours);
  for (let n = 0; n < targets; n++) {
    const pk = `target#mx${n + 1}.example`;
    for (let back = 1; back < 90; back++)
      await table.put({ ...day, pk, sk: `day#${isoSeconds(today - back * DAY).slice(0, 10)}` });
    for (let at = today - 8 * DAY; at < NOW - HOUR; at += HOUR) await table.put({ ...hourOf('x', at), pk });
  }
  await rolledUp(table, hourName(NOW - HOUR - (NOW % HOUR)));
}

function columnsOfHour(from: number): ReadonlyMap<string, ReturnType<typeof packColumn>> {
  const random = seeded(1);
  return new Map(
    VANTAGES.map((vantage) => {
      const samples = Array.from({ length: 60 }, (_, nth): RoundSample => {
        const { round, fresh, samples: all } = roundOf(vantage, from + nth * MINUTE, 1, random);
        return {
          round,
          ...(fresh === undefined ? {} : { fresh }),
          sample: [...all.values()][0] as RoundSample['sample'],
        };
      });
      return [vantage, packColumn(samples, hourName(from))] as const;
    }),
  );
}

async function rollUp({ table }: Fleet, targets: number, hour: number): Promise<void> {
  const columns = columnsOfHour(hour);
  for (let n = 0; n < targets; n++)
    await table.put(hourItem(`mx${n + 1}.example`, hourName(hour), columns, NOW / 1000 + 1e7));
  await rolledUp(table, hourName(hour));
}

async function rolledUp(table: IndexedTable, through: string): Promise<void> {
  await table.put({ through, rounds: {}, gaps: [], days: [], version: 1, lease: null, pk: 'rollup', sk: 'hours' });
}
