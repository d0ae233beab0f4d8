/**
 * The embedded DynamoDB of one machine: dynalite's operations in this process, over files of LevelDB. The process that
 * holds LevelDB's lock has the files; others of the same user ask it through a socket that only they can reach.
 */
import { mkdir, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { askThrough, clientOver, directClientOver, type Owner, ownerAt } from './database/client.ts';
import { type Files, type FilesOptions, openFiles } from './database/disk-with-memory-fallback.ts';
import { sweepOver } from './database/expiry.ts';
import { FolderInUse, FolderUnusable, fileFailureOf } from './database/failure.ts';
import { type Ask, everyOperation, operationsOver } from './database/operations.ts';
import type { Notice, Say } from './database/repair.ts';
import { databaseServer } from './database/server.ts';
import { isPrivate, listenAt, socketsOf } from './database/socket.ts';

export { FolderInUse, FolderUnusable };

export interface Database {
  readonly client: DynamoDBClient;
  /** A request as it comes over the wire; throws where the process that has the files has gone. */
  readonly ask: Ask;
  /** Whether the files are this process's own, or another's that runs. */
  readonly own: boolean;
  close(): Promise<void>;
}

export interface DatabaseOptions extends Partial<Pick<FilesOptions, 'retry' | 'capacity' | 'copyFolders' | 'now'>> {
  readonly table?: string;
  /** `own`: open the files, and refuse where another process has them. `read`: ask that process, where there is one. */
  readonly mode?: 'own' | 'read';
  /** Called with what happens to the files. By default it is written to standard error. */
  readonly say?: Say;
}

export const localTable = 'smtp-quorum';

/** What others may ask; nobody but the process itself makes tables or deletes. */
const offered = everyOperation.filter((operation) => operation !== 'CreateTable' && operation !== 'DeleteItem');

/** For a process that is starting or ending, or a command that reads and will soon be done. */
const patience = { tries: 40, apart: 50 };
/** Milliseconds between deletions of what has expired: while there is more, and once there is not. */
const sweepEvery = { busy: 1_000, idle: 5_000 } as const;

/** @throws FolderInUse, FolderUnusable */
export async function openDatabase(folder: string, options: DatabaseOptions = {}): Promise<Database> {
  const { mode = 'own' } = options;
  await makeFolder(folder, mode);
  for (let attempt = 1; ; attempt += 1) {
    const { owner, socket } = await ownerOf(folder);
    if (owner !== null && mode === 'read') return reach(socket);
    if (owner?.mode === 'own') throw new FolderInUse(folder, owner.pid);
    const database = owner === null ? await openOwn(folder, options) : null;
    if (database !== null) return database;
    if (attempt === patience.tries) throw new FolderInUse(folder, owner?.pid ?? null);
    await sleep(patience.apart);
  }
}

/** On a full disk the owner goes on in memory, without a folder, too. */
async function makeFolder(folder: string, mode: Owner['mode']): Promise<void> {
  try {
    await mkdir(dirname(resolve(folder)), { recursive: true, mode: 0o700 });
    // Not with the folders above: on a read-only file system that says only that there is no such folder.
    await mkdir(folder, { mode: 0o700 }).catch(ignoreExisting);
  } catch (error) {
    const { kind, words } = fileFailureOf(error);
    if (kind !== 'full' || mode !== 'own') throw new FolderUnusable(folder, words, { cause: error });
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function ownerOf(folder: string): Promise<{ readonly owner: Owner | null; readonly socket: string }> {
  for (const socket of socketsOf(folder)) {
    const owner = (await isPrivate(socket)) ? await ownerAt(socket) : null;
    if (owner !== null) return { owner, socket };
  }
  return { owner: null, socket: '' };
}

function reach(socket: string): Database {
  const { ask, close } = askThrough(socket);
  const client = clientOver(ask);
  return {
    client,
    ask,
    own: false,
    async close() {
      client.destroy();
      close();
    },
  };
}

/** Null while another process has the files. */
async function openOwn(folder: string, options: DatabaseOptions): Promise<Database | null> {
  const { table = localTable, mode = 'own', now = Date.now, say = sayOnStandardError } = options;
  const path = join(folder, 'dynamodb');
  try {
    const files = await openFiles(path, { ...options, say, endures: mode === 'own' });
    return await openOver(files, { folder, table, mode, now, say }).catch(async (error) => {
      await files.close();
      throw error;
    });
  } catch (error) {
    const { kind, words } = fileFailureOf(error);
    if (kind === 'locked') return null;
    throw new FolderUnusable(path, words, { cause: error });
  }
}

interface Opening extends Required<Pick<DatabaseOptions, 'table' | 'mode' | 'now' | 'say'>> {
  readonly folder: string;
}

async function openOver(files: Files, { folder, table, mode, now, say }: Opening): Promise<Database> {
  const ask = operationsOver(files);
  const client = directClientOver(ask);
  await finishTable(files, table);
  await createTable(client, table);
  const server = await serve(ask, folder, mode, say);
  // A version before wrote its address there.
  await rm(join(folder, 'endpoint.json'), { force: true }).catch(() => {});
  const sweeping = mode === 'own' ? startSweeping(files, table, now) : null;
  return {
    client,
    ask,
    own: true,
    async close() {
      await sweeping?.stop();
      client.destroy();
      await closed(server);
      await files.close();
    },
  };
}

/** Without a socket the watch goes on, only other commands cannot ask it. */
async function serve(ask: Ask, folder: string, mode: Owner['mode'], say: Say) {
  const server = databaseServer({ ask, allowed: offered, owner: { pid: process.pid, mode } satisfies Owner });
  try {
    await listenAt(server, socketsOf(folder));
    return server;
  } catch (error) {
    if (mode === 'own')
      say({
        words: `Other commands cannot read the history in ${folder} while this runs: ${fileFailureOf(error).words}.`,
      });
    return null;
  }
}

/** A process that ended while it made the table has left it half made. */
async function finishTable(files: Files, table: string): Promise<void> {
  const key = `table~${table}`;
  const stored = (await files.get(key)) as { readonly TableStatus?: string } | undefined;
  if (stored === undefined || stored.TableStatus === 'ACTIVE') return;
  await files.write([{ key, value: { ...stored, TableStatus: 'ACTIVE' } }]);
}

function startSweeping(files: Files, table: string, now: () => number): { stop(): Promise<void> } {
  const sweep = sweepOver(files, table);
  const stopped = new AbortController();
  const run = async () => {
    while (!stopped.signal.aborted) {
      // A full disk takes no deletions: they would only fill the memory. Where the files fail, those who write to them say so.
      const deleted = files.isHolding() ? 0 : await sweep(now()).catch(() => 0);
      const pause = deleted > 0 ? sweepEvery.busy : sweepEvery.idle;
      await sleep(pause, undefined, { ref: false, signal: stopped.signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

function sayOnStandardError({ words }: Notice): void {
  process.stderr.write(`smtp-quorum: ${words}\n`);
}

/** The one table of docs/table.md; that it is there already is no error. */
export async function createTable(client: DynamoDBClient, table: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await untilActive(client, table);
}

async function untilActive(client: DynamoDBClient, table: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await sleep(25);
  }
  throw new Error(`table ${table} did not become active`);
}

function closed(server: Server | null): Promise<void> {
  if (server === null) return Promise.resolve();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
