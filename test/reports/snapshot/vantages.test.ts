import { expect, test } from 'vitest';
import type { Config } from '../../../lambda/config/config.ts';
import { policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { readSnapshot } from '../../../lambda/reports/snapshot/read-snapshot.ts';
import { emptyRoundCountCache, readRoundCount } from '../../../lambda/reports/snapshot/round-counts.ts';
import { emptyUptimeCache } from '../../../lambda/reports/snapshot/uptime-cache.ts';
import { openReportSource } from '../../../lambda/reports/source/report-source.ts';
import { openRecentRounds } from '../../../lambda/reports/source/rounds.ts';
import { healthy, roundOf } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const every = 60_000;
const now = Date.parse('2026-11-26T12:00:20Z');
const HOUR = 3_600_000;

/** Rounds of a vantage at these times. */
async function tableWith(times: readonly number[]) {
  const table = openInMemoryTable(() => now);
  const history = openHistory(table, { now: () => now });
  for (const at of times) await history.recordRound(roundOf('eu-west-1', isoSeconds(at), { mx1: healthy }));
  return table;
}

const minutesFrom = (from: number, to: number) =>
  Array.from({ length: (to - from) / every }, (_, nth) => from + nth * every);
const noon = now - 20_000;

test.each<[string, readonly number[], object | null]>([
  ['no round', [], null],
  ['all rounds of a day, and older ones', minutesFrom(noon - 25 * HOUR, noon), { recorded: 1439, due: 1439 }],
  ['a vantage that began an hour ago', minutesFrom(noon - HOUR, noon), { recorded: 60, due: 60 }],
  [
    'one that was off for two hours',
    [...minutesFrom(noon - 30 * HOUR, noon - 3 * HOUR), ...minutesFrom(noon - HOUR, noon)],
    { recorded: 1319, due: 1439 },
  ],
  ['one whose first round is under way', [noon], { recorded: 0, due: 0 }],
  [
    'a round that was recorded twice, under a name with a fraction',
    [noon - 2 * every, noon - 2 * every + 1000, noon - every],
    { recorded: 2, due: 2 },
  ],
])('rounds of the last day, of those that were due: %s', async (_, times, expected) => {
  const table = await tableWith(times);
  expect(await readRoundCount(emptyRoundCountCache(), table, 'eu-west-1', every, now)).toEqual(expected);
});

test('it is read again after a minute, and counts what is new then', async () => {
  const cache = emptyRoundCountCache();
  const table = await tableWith(minutesFrom(noon - HOUR, noon));
  const count = (at: number) => readRoundCount(cache, table, 'eu-west-1', every, at);
  expect(await count(now)).toEqual({ recorded: 60, due: 60 });
  const history = openHistory(table, { now: () => now });
  for (const at of minutesFrom(noon, noon + 6 * every))
    await history.recordRound(roundOf('eu-west-1', isoSeconds(at), { mx1: healthy }));
  expect(await count(now + every / 2)).toEqual({ recorded: 60, due: 60 });
  expect(await count(now + 6 * every)).toEqual({ recorded: 66, due: 66 });
  // A day later, when nothing came any more.
  expect(await count(now + 24 * HOUR)).toEqual({ recorded: 5, due: 1439 });
});

test('a vantage says since when it is blind, why, and how late its last times may be, what it runs and from where', async () => {
  const table = openInMemoryTable(() => now);
  const history = openHistory(table, { now: () => now });
  const round = isoSeconds(noon - every);
  const origin = { release: '0.1.0', egress: '192.0.2.25' };
  await history.recordRound({ ...roundOf('eu-west-1', round, { mx1: healthy }), lag: 120, ...origin });
  const opened = isoSeconds(now - HOUR);
  const subject = 'vantage/eu-west-1';
  const why = 'cannot reach its control server';
  await history.writeJudgement(
    {
      ...{ target: subject, verdict: 'unknown', since: opened, owed: [] },
      incident: {
        ...{ id: `${subject}@${opened}`, target: subject, opened, closed: null, verdict: 'unknown', witnesses: [] },
        timeline: [{ at: opened, what: why }],
      },
    },
    0,
    null,
  );
  const policy = { ...policyDefaults(1), vantages: ['eu-west-1'], every };
  const config = { name: 'test', home: 'eu-west-1', policy, targets: [{ id: 'mx1', port: 25 }] } as unknown as Config;
  const source = await openReportSource(table, config);
  const head = { title: 'Mail servers', logo: null };
  const { vantages } = await readSnapshot(source, openRecentRounds(), emptyUptimeCache(), head, now);
  expect(vantages).toEqual([
    {
      vantage: 'eu-west-1',
      lastRound: round,
      blind: true,
      blindSince: opened,
      blindWhy: why,
      lag: 120,
      ...origin,
      rounds: { recorded: 1, due: 1 },
    },
  ]);
});
