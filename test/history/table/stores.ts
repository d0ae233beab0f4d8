/** The implementations of `Table`: in memory, over dynalite (embedded), and over moto. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbTable } from '../../../lambda/history/table/dynamodb.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import { createTable, localTable, openDatabase } from '../../../local/database.ts';
import { describeServer } from '../../servers/describe-server.ts';
import { openInMemoryTable } from './in-memory-table.ts';

export interface Store {
  readonly open: (now: () => number) => Table;
  readonly close: () => Promise<void>;
}

/** The same tests with each implementation that can run here. */
export function describeStores(what: string, tests: (start: () => Promise<Store>) => void): void {
  for (const { name, start, missing } of STORES)
    describeServer(`${what}, kept by ${name}`, missing, () => tests(start));
}

interface Implementation {
  readonly name: string;
  readonly start: () => Promise<Store>;
  /** Why it cannot run here; null if it can. */
  readonly missing: string | null;
}

const STORES: readonly Implementation[] = [
  { name: 'memory', start: async () => ({ open: openInMemoryTable, close: async () => {} }), missing: null },
  { name: 'dynalite', start: startDynalite, missing: null },
  { name: 'moto', start: startMoto, missing: hasMoto() ? null : 'moto_server is not installed' },
];

function hasMoto(): boolean {
  return spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status === 0;
}

async function startDynalite(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-'));
  const database = await openDatabase(folder);
  return {
    open: (now) => dynamodbTable(database.client, localTable, { now }),
    async close() {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startMoto(): Promise<Store> {
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONUNBUFFERED: '1' },
  });
  const client = new DynamoDBClient({
    endpoint: await endpointOf(server),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await createTable(client, localTable);
  return {
    open: (now) => dynamodbTable(client, localTable, { now }),
    async close() {
      client.destroy();
      server.kill();
      await once(server, 'exit');
    },
  };
}

/** Reads the address that moto writes to its log. */
function endpointOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    const read = (chunk: Buffer) => {
      log += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+(?=\D)/.exec(log);
      if (found !== null) resolve(found[0]);
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('exit', () => reject(new Error(`moto ended: ${log}`)));
  });
}
