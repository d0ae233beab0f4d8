/**
 * The judge of the release before, as esbuild wrote it, reads rounds of this release: both run side by side during a
 * deployment, and after going back. What it does not know it ignores.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { toEnvironment } from '../../lambda/aws/environment.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../lambda/history/history.ts';
import type { Round } from '../../lambda/history/packing/recorded-round.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { everyOperation } from '../../local/database/operations.ts';
import { databaseServer } from '../../local/database/server.ts';
import { localTable, openDatabase } from '../../local/database.ts';
import { bundleBefore } from '../deploy/releases.ts';
import { target, testPorts } from '../ports.ts';
import { healthy, refused, roundOf } from './samples.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const close of closing.splice(0).reverse()) await close();
});

/** A table that is served on loopback, as DynamoDB is. */
async function servedTable(folder: string) {
  const { ask, client, close } = await openDatabase(join(folder, 'table'));
  closing.push(close);
  const server = databaseServer({ ask, allowed: everyOperation });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { history: openHistory(dynamodbTable(client, localTable)), endpoint };
}

type Sample = Round['samples'] extends ReadonlyMap<string, infer One> ? One : never;

test('the judge of the release before judges rounds that say which release probed, and from where', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-before-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const { history, endpoint } = await servedTable(folder);
  const { config } = testPorts([target('mx1', 25), target('mx2', 25)]).ports;
  const { vantages, every } = config.policy;
  const due = Math.floor(Date.now() / every) * every;
  const samples: Readonly<Record<string, Sample>> = { mx1: healthy, mx2: refused };
  for (const at of [due - 3 * every, due - 2 * every, due - every, due])
    for (const vantage of vantages)
      await history.recordRound({
        ...roundOf(vantage, isoSeconds(at), samples),
        ...{ began: isoSeconds(at), fresh: 150, release: '0.2.0', egress: '192.0.2.25' },
      });

  bundleBefore('judge', config, folder);
  const named = { vantage: config.home, home: config.home, table: localTable, config: 'config.json' };
  const nowhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ENDPOINT_URL_DYNAMODB: endpoint };
  const environment = { ...toEnvironment({ ...named, bus: 'bus', topic: 'topic', opinions: 'bus' }), ...nowhere };
  const credentials = { AWS_ACCESS_KEY_ID: 'example', AWS_SECRET_ACCESS_KEY: 'example', AWS_REGION: config.home };
  for (const [name, value] of Object.entries({ ...environment, ...credentials })) vi.stubEnv(name, value);
  // What it logs. It has no bus, and says so.
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockReturnValue(true);
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { handler } = await import(pathToFileURL(join(folder, 'index.mjs')).href);
  await handler({ 'detail-type': 'Round Recorded' }, { getRemainingTimeInMillis: () => 20_000 });

  const judged = (await history.judgements()).map(({ target, verdict }) => [target, verdict]);
  const seeing = vantages.map((vantage) => [`vantage/${vantage}`, 'up'] as const);
  expect(Object.fromEntries(judged)).toEqual({ mx1: 'up', mx2: 'down', ...Object.fromEntries(seeing) });
});
