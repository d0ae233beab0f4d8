import { beforeEach, describe, expect, test } from 'vitest';
import { omittedTargetLines } from '../../../bin/display/tables/omitted-targets.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { vantageSubject } from '../../../lambda/consensus/judge-blind-vantage.ts';
import type { Judgement } from '../../../lambda/consensus/judgement/judgement-state.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { type History, openHistory } from '../../../lambda/history/history.ts';
import type { RecordedSample } from '../../../lambda/history/packing/recorded-round.ts';
import { openReportSource } from '../../../lambda/reports/source/report-source.ts';
import { openRecentRounds } from '../../../lambda/reports/source/rounds.ts';
import { currentTargets } from '../../../lambda/reports/status/current-targets.ts';
import { targetStatuses } from '../../../lambda/reports/status/target-status.ts';
import { type InMemoryTable, openInMemoryTable } from '../../history/table/in-memory-table.ts';

const now = Date.parse('2026-11-22T12:00:30Z');
const MINUTE = 60_000;
const minutesAgo = (minutes: number) => isoSeconds(Math.floor(now / MINUTE) * MINUTE - minutes * MINUTE);

const passed: RecordedSample = {
  outcome: 'pass',
  phase: null,
  code: null,
  reply: null,
  detail: null,
  timings: { dns: 2, connect: 11, greeting: 20, ehlo: 8 },
  total: 41,
  address: '192.0.2.1',
  transcript: [],
};

let twin: InMemoryTable;
let history: History;

beforeEach(() => {
  twin = openInMemoryTable(() => now);
  history = openHistory(twin, { now: () => now });
});

async function judge(target: string, verdict: Judgement['verdict'], incident: Judgement['incident'] = null) {
  await history.writeJudgement({ target, verdict, since: minutesAgo(30), incident, owed: [] }, 0, null);
}

const samplesOf = (targets: readonly string[]) => new Map(targets.map((target) => [target, passed]));

async function record(vantage: string, minutes: number, targets: readonly string[]) {
  await history.recordRound({ vantage, round: minutesAgo(minutes), samples: samplesOf(targets) });
}

const configOf = (targets: readonly string[], vantages: readonly string[]) =>
  ({ targets: targets.map((id) => ({ id })), policy: { vantages } }) as unknown as Config;

const current = async (config: Config | null, all = false) => currentTargets(await openReportSource(twin, config), all);

describe('currentTargets omits what is no longer monitored', () => {
  beforeEach(async () => {
    for (const vantage of ['eu', 'us']) await judge(vantageSubject(vantage), 'up');
    for (const target of ['mx1', 'mx2']) await judge(target, 'up');
    await judge('old', 'unknown');
    for (const vantage of ['eu', 'us']) await record(vantage, 1, ['mx1', 'mx2']);
  });

  test('by the config', async () => {
    expect(await current(configOf(['mx1', 'new'], ['eu']))).toEqual({
      targets: ['mx1', 'new'],
      vantages: ['eu'],
      omitted: ['mx2', 'old', 'us'],
    });
  });

  test('not by the config of another history', async () => {
    expect((await current(configOf(['other'], ['elsewhere']))).targets).toEqual(['other', 'mx1', 'mx2']);
  });

  test('without a config: targets without a sample for a day', async () => {
    const { targets, omitted } = await current(null);
    expect([targets, omitted]).toEqual([['mx1', 'mx2'], ['old']]);
    await record('eu', 2, ['old']);
    expect((await current(null)).omitted).toEqual([]);
  });

  test('without a config where the judge withdrew it', async () => {
    const timeline = [{ at: minutesAgo(30), what: 'withdrawn: no longer in the config' }];
    const named = { id: 'gone@x', target: 'gone', opened: minutesAgo(50), closed: minutesAgo(30) };
    await judge('gone', 'unknown', { ...named, verdict: 'down', witnesses: [], timeline });
    await twin.put({ pk: 'target#gone', sk: 'hour#2026-11-22T11', packing: 1, vantages: {} });
    expect((await current(null)).omitted).toEqual(['gone', 'old']);
    expect((await current(null, true)).omitted).toEqual([]);
  });

  test('and lists the omitted names', async () => {
    expect(omittedTargetLines(await current(null))).toEqual([
      '1 omitted (no longer monitored): old; use --all to show it',
    ]);
    expect(omittedTargetLines(await current(null, true))).toEqual([]);
  });
});

describe('the last sample of each target', () => {
  const readStatuses = async (withRecent: boolean, config: Config | null = null) => {
    const store = await openReportSource(twin, config);
    const read: string[] = [];
    const rounds = async (vantage: string, since: string, until?: string) => {
      const found = await history.rounds(vantage, since, until);
      read.push(...found.map(({ round }) => round));
      return found;
    };
    const watched = { targets: store.targets, vantages: store.vantages, omitted: [] };
    const counted = { ...store, history: { ...history, rounds } };
    return { read, statuses: await targetStatuses(counted, watched, openRecentRounds(), now, withRecent) };
  };

  beforeEach(async () => {
    await judge(vantageSubject('eu'), 'up');
    for (const target of ['mx1', 'mx2']) await judge(target, 'up');
    for (let minutes = 170; minutes >= 0; minutes -= 1) await record('eu', minutes, ['mx1', 'mx2']);
  });

  test('reads only the newest rounds if they have every target', async () => {
    const { read, statuses } = await readStatuses(false);
    expect(statuses.map(({ last }) => last.get('eu')?.round)).toEqual([minutesAgo(0), minutesAgo(0)]);
    expect(new Set(read).size).toBeLessThanOrEqual(3);
  });

  test('reads older rounds for a target that is missing', async () => {
    await judge('mx3', 'up');
    await history.recordRound({ vantage: 'eu', round: isoSeconds(now - 90 * MINUTE), samples: samplesOf(['mx3']) });
    const { statuses } = await readStatuses(false);
    expect(statuses.map(({ last }) => last.get('eu')?.round)).toContain(isoSeconds(now - 90 * MINUTE));
  });

  test('has the samples of three hours for sparklines, and fewer for a large fleet', async () => {
    expect((await readStatuses(true)).statuses[0]?.recent).toHaveLength(171);
    for (let at = 0; at < 4000; at += 1) await judge(`mx${at}x`, 'up');
    expect((await readStatuses(true)).statuses.find(({ target }) => target === 'mx1')?.recent).toHaveLength(15);
  });

  test('has no more samples for sparklines of short rounds', async () => {
    const targets = Array.from({ length: 2000 }, (_, at) => `mx${at}`);
    const config = { targets: targets.map((id) => ({ id })), policy: { vantages: ['eu'], every: 5000 } };
    const newest = Math.floor(now / 5000) * 5000;
    for (let at = 0; at < 600; at += 5) {
      await history.recordRound({ vantage: 'eu', round: isoSeconds(newest - at * 1000), samples: samplesOf(['mx1']) });
    }
    const { statuses } = await readStatuses(true, config as unknown as Config);
    expect(statuses.find(({ target }) => target === 'mx1')?.recent).toHaveLength(31);
  });
});
