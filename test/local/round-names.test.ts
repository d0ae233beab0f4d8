/** Rounds of one machine that are no whole seconds: names of rounds have seconds. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../../lambda/config/config.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { localTable, openDatabase } from '../../local/database.ts';
import { type EndedRound, startMonitor } from '../../local/monitor.ts';
import { target, testPorts } from '../ports.ts';
import { mailServer, serve } from '../smtp/scripted-server.ts';

test('each round has a name of its own and is recorded, if its length is no whole number of seconds', async () => {
  const healthy = await serve(mailServer());
  const folder = await mkdtemp(path.join(tmpdir(), 'smtp-quorum-'));
  const policy = { ...policyDefaults(1), vantages: ['local'], every: 1_500 };
  const config: Config = { ...testPorts([target('mx1', healthy.port)]).ports.config, home: 'local', policy };
  const ended: EndedRound[] = [];
  try {
    const monitor = await startMonitor(config, folder, {
      onRoundStart: () => {},
      onRoundEnd: (round) => void ended.push(round),
      showAlert: () => {},
      onError: (what, error) => expect.unreachable(`${what}: ${error}`),
      onGaps: () => {},
      onHistoryNotice: () => {},
      onLog: () => {},
    });
    await expect.poll(() => ended.length).toBeGreaterThanOrEqual(5);
    await monitor.stop();
    const names = ended.map(({ round }) => round);
    expect(names).toEqual([...new Set(names)]);
    const database = await openDatabase(folder);
    const rounds = await openHistory(dynamodbTable(database.client, localTable)).rounds('local', '');
    await database.close();
    expect(rounds.map(({ round }) => round)).toEqual(names);
  } finally {
    await healthy.close();
    await rm(folder, { recursive: true });
  }
});
