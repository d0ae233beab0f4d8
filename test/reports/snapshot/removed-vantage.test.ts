/** An incident of the last hours, which are not rolled up yet, after one of its vantages was taken out of the config. */
import { expect, test } from 'vitest';
import { freshSeconds, type Policy, policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { judge } from '../../../lambda/judge/judge.ts';
import { readSnapshot } from '../../../lambda/reports/snapshot/read-snapshot.ts';
import { emptyUptimeCache } from '../../../lambda/reports/snapshot/uptime-cache.ts';
import { openReportSource } from '../../../lambda/reports/source/report-source.ts';
import { openRecentRounds } from '../../../lambda/reports/source/rounds.ts';
import { healthy, refused, roundOf } from '../../history/samples.ts';
import { openMachine } from '../machine.ts';

const MINUTE = 60_000;
const start = Date.parse('2026-11-26T10:00:00Z');
const before: Policy = {
  ...policyDefaults(3, false),
  vantages: ['us-east-1', 'eu-west-1', 'ap-southeast-1'],
  every: MINUTE,
  stagger: false,
};

test('its votes are those of the vantages of then; the target has those of now', async () => {
  const { clock, table, history, config, ports } = openMachine(start, before, { targets: [{ id: 'mx1' }] });
  const record = async (vantages: readonly string[], minute: number, fails: boolean) => {
    for (const vantage of vantages) {
      const round = roundOf(vantage, isoSeconds(start + minute * MINUTE), { mx1: fails ? refused : healthy });
      await history.recordRound({ ...round, fresh: freshSeconds(before) });
    }
  };
  for (let minute = 0; minute < 20; minute++) {
    clock.now = start + minute * MINUTE + 5_000;
    await record(before.vantages, minute, minute >= 5 && minute < 12);
    await judge(ports);
  }
  const vantages = ['us-east-1', 'sa-east-1'];
  const now = { ...config, policy: { ...before, vantages } };
  await record(vantages, 20, false);
  clock.now = start + 20 * MINUTE + 5_000;
  await judge({ ...ports, config: now });
  const head = { title: 'Mail', url: null, logo: null };
  const source = await openReportSource(table, now);
  const { incidents, targets } = await readSnapshot(source, openRecentRounds(), emptyUptimeCache(), head, clock.now);
  const [incident] = incidents;
  expect([...(incident?.votes?.vantages ?? [])].sort()).toEqual([...before.vantages].sort());
  const down = incident?.votes?.moments.filter(({ verdict }) => verdict === 'down') ?? [];
  expect(down.map(({ votes, needed }) => [votes.filter((vote) => vote === 'down').length, needed])).toContainEqual([
    3, 2,
  ]);
  expect(targets[0]?.last.map(({ vantage }) => vantage).sort()).toEqual([...vantages].sort());
  expect(targets[0]?.latency.map(({ vantage }) => vantage).sort()).toEqual([...vantages].sort());
});
