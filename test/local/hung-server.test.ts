import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../lambda/config/config.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { type Policy, policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { localTable, openDatabase } from '../../local/database.ts';
import { type EndedRound, startMonitor } from '../../local/monitor.ts';
import { startRounds } from '../../local/schedules/schedule.ts';
import { target, testPorts } from '../ports.ts';
import { hungServer } from '../smtp/hung-server.ts';
import { mailServer, serve } from '../smtp/scripted-server.ts';

/**
 * As `every: 5s` with the default timeout of 20 s, but faster. Not much faster: the time at which a probe began is stored in
 * seconds, so that short rounds would leave a busy machine no time before a sample is too old.
 */
const every = 2000;
const timeout = 5000;
const policy: Policy = { ...policyDefaults(1), vantages: ['local'], every, slowest: timeout + 2000 };

test('with a hung server all other targets stay up, and it is down after two probes, in rounds shorter than a probe', async () => {
  const [hung, healthy] = [await hungServer(), await serve(mailServer())];
  const folder = await mkdtemp(path.join(tmpdir(), 'smtp-quorum-'));
  const targets = [target('mx1', healthy.port), target('hung', hung.port, { timeout })];
  const config: Config = { ...testPorts(targets).ports.config, home: 'local', policy };
  const alerts: Alert[] = [];
  const ended: EndedRound[] = [];
  const errors: string[] = [];
  const late: (readonly [round: string, target: string, outcome: string, isRoundEnded: boolean])[] = [];
  try {
    const monitor = await startMonitor(config, folder, {
      onRoundStart: () => {},
      onRoundEnd: (round) => void ended.push(round),
      onLateSamples: ({ number, report: { round, samples } }) => {
        const isEnded = ended.some((one) => one.number === number && one.round === round);
        for (const [id, { outcome }] of samples) late.push([round, id, outcome, isEnded]);
      },
      showAlert: ({ alert }) => void alerts.push(alert),
      onError: (what, error) => void errors.push(`${what}: ${error}`),
      onGaps: () => {},
      onHistoryNotice: () => {},
      onLog: () => {},
    });
    await expect.poll(() => alerts.length).toBeGreaterThan(0);
    await monitor.stop();
    expect(errors).toEqual([]);
    expect(alerts.map(({ kind, subject, was, is }) => [kind, subject, was, is])).toEqual([
      ['down', 'hung', 'unknown', 'down'],
    ]);
    // No round was skipped for the hung server, and `mx1` was up in each.
    const verdicts = ended.map(({ judgements }) => judgements.find((one) => one.target === 'mx1')?.verdict);
    expect(new Set(verdicts.slice(1))).toEqual(new Set(['up']));
    const starts = ended.map(({ round }) => Date.parse(round));
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeLessThan(2.2 * every * ended.length);
    expect(hung.mostAtOnce()).toBe(1);

    const database = await openDatabase(folder);
    const history = openHistory(dynamodbTable(database.client, localTable));
    const rounds = await history.rounds('local', '');
    await database.close();
    const samples = rounds.flatMap((round) => round.samples.get('hung') ?? []);
    expect(samples.length).toBeGreaterThanOrEqual(2);
    for (const { outcome, code, late } of samples) {
      expect([outcome, code]).toEqual(['fail', 'silence']);
      expect(late).toBeGreaterThanOrEqual(3);
      expect(late).toBeLessThanOrEqual(20);
    }
    // Each of them was told under its round, after the end of that.
    const stored = rounds.filter(({ samples: seen }) => seen.has('hung')).map(({ round }) => round);
    expect(late).toEqual(stored.map((round) => [round, 'hung', 'fail', true]));
    expect(rounds.every(({ samples: seen }) => seen.has('mx1'))).toBe(true);
  } finally {
    hung.close();
    await healthy.close();
    await rm(folder, { recursive: true });
  }
});

describe('a judge that takes longer than a round', () => {
  test('delays no probes; the rounds are finished later, in their order, and a stop waits for them', async () => {
    const probed: number[] = [];
    const finished: number[] = [];
    let letGo: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const rounds = startRounds(
      40,
      async (_, number) => {
        probed.push(number);
        return number;
      },
      async (number) => {
        await slow;
        finished.push(number);
      },
    );
    for (let n = 0; n < 5_000 && probed.length < 5; n += 1) await sleep(20);
    expect(probed.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(finished).toEqual([]);
    const stopped = rounds.stop();
    letGo();
    await stopped;
    expect(finished).toEqual(probed);
  });
});
