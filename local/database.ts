/**
 * The embedded DynamoDB of one machine: dynalite in this process, its files on disk. One process owns the files; others
 * reach it over loopback, at the address it left in the folder.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';

export interface Database {
  readonly client: DynamoDBClient;
  /** Whether the files are this process's own, or another's that runs. */
  readonly own: boolean;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly table?: string;
  /** `own`: open the files, and refuse where another process has them. `read`: ask that process, where there is one. */
  readonly mode?: 'own' | 'read';
}

/** Another process that runs has the files open. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(
      `${folder} is in use by process ${pid}: smtp-quorum runs there already. Stop it, or start in another folder.`,
    );
    this.pid = pid;
  }
}

export const localTable = 'smtp-quorum';

/** Who owns the files, and where it answers. */
interface Owner {
  readonly pid: number;
  readonly endpoint: string | null;
}

export async function openDatabase(
  folder: string,
  { table = localTable, mode = 'own' }: DatabaseOptions = {},
): Promise<Database> {
  await mkdir(folder, { recursive: true });
  const owner = await ownerOf(folder);
  if (owner !== null && mode === 'read') return await reach(folder, owner);
  if (owner !== null) throw new FolderInUse(folder, owner.pid);
  await take(folder);
  try {
    return await openFiles(folder, table);
  } catch (error) {
    await release(folder);
    throw error;
  }
}

async function openFiles(folder: string, table: string): Promise<Database> {
  const server = dynalite({ path: join(folder, 'dynamodb'), createTableMs: 0 });
  await listen(server);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = clientOf(endpoint);
  await createTable(client, table);
  await writeOwner(folder, { pid: process.pid, endpoint });
  return {
    client,
    own: true,
    async close() {
      client.destroy();
      await closed(server);
      await release(folder);
    },
  };
}

async function reach(folder: string, { pid, endpoint }: Owner): Promise<Database> {
  const client = endpoint === null ? null : clientOf(endpoint);
  if (client === null || !(await answers(client))) {
    client?.destroy();
    throw new FolderInUse(folder, pid);
  }
  return { client, own: false, close: async () => client.destroy() };
}

async function answers(client: DynamoDBClient): Promise<boolean> {
  try {
    await client.send(new ListTablesCommand({ Limit: 1 }));
    return true;
  } catch {
    return false;
  }
}

function clientOf(endpoint: string): DynamoDBClient {
  // Embedded: any region and any keys will do, but the client wants some.
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
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
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`table ${table} did not become active`);
}

const ownerFile = (folder: string) => join(folder, 'endpoint.json');

/** The process that has the files, if it is alive. */
function ownerOf(folder: string): Promise<Owner | null> {
  return livingOwner(ownerFile(folder));
}

async function livingOwner(file: string): Promise<Owner | null> {
  const written = await readFile(file, 'utf8').catch(() => null);
  const owner = written === null ? null : parseOwner(written);
  return owner !== null && isAlive(owner.pid) && !(await refuses(owner)) ? owner : null;
}

/** After a reboot another program may bear the dead owner's pid; but nobody listens where the owner did. */
async function refuses({ endpoint }: Owner): Promise<boolean> {
  if (endpoint === null) return false;
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => resolve(false));
    socket.once('error', () => resolve(true)).once('close', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });
}

function parseOwner(written: string): Owner | null {
  try {
    const { pid, endpoint } = JSON.parse(written) as Partial<Owner>;
    return typeof pid === 'number' ? { pid, endpoint: endpoint ?? null } : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Becomes the owner, in one step: of two who try at once one is refused. */
async function take(folder: string): Promise<void> {
  await clearStale(folder);
  const draft = await writeDraft(folder, { pid: process.pid, endpoint: null });
  try {
    await link(draft, ownerFile(folder));
  } catch (error) {
    const owner = await ownerOf(folder);
    throw owner === null ? error : new FolderInUse(folder, owner.pid);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Puts a dead owner's file aside; looks at it again there, for another may have become the owner meanwhile. */
async function clearStale(folder: string): Promise<void> {
  const aside = besideOwner(folder);
  const found = await rename(ownerFile(folder), aside).then(
    () => true,
    () => false,
  );
  if (!found) return;
  const owner = await livingOwner(aside);
  if (owner !== null) await link(aside, ownerFile(folder)).catch(() => {});
  await rm(aside, { force: true });
  if (owner !== null) throw new FolderInUse(folder, owner.pid);
}

/** In one step, so that a reader never finds half of it. */
async function writeOwner(folder: string, owner: Owner): Promise<void> {
  await rename(await writeDraft(folder, owner), ownerFile(folder));
}

/** A file of nobody else's. */
const besideOwner = (folder: string) => `${ownerFile(folder)}.${randomUUID()}`;

async function writeDraft(folder: string, owner: Owner): Promise<string> {
  const draft = besideOwner(folder);
  await writeFile(draft, `${JSON.stringify(owner)}\n`);
  return draft;
}

async function release(folder: string): Promise<void> {
  await rm(ownerFile(folder), { force: true });
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
