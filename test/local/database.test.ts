import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { type Database, FolderInUse, localTable, openDatabase } from '../../local/database.ts';

let folder: string;
const opened: Database[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'smtp-quorum-')), 'data');
});
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(join(folder, '..'), { recursive: true, force: true });
});

async function open(mode: 'own' | 'read' = 'own'): Promise<Database> {
  const database = await openDatabase(folder, { mode });
  opened.push(database);
  return database;
}

const tableOf = ({ client }: Database) => dynamodbTable(client, localTable);

/** Another process that owns the folder, has written one item, and waits. */
async function startOwner(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'owner-process.ts'), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data')) as [Buffer];
  expect(line.toString()).toBe('written\n');
  return child;
}

test('keeps items from one run to the next', async () => {
  const database = await openDatabase(folder);
  await tableOf(database).put({ pk: 'a', sk: 'b', n: 1 });
  await database.close();
  expect(await tableOf(await open()).get('a', 'b')).toEqual({ pk: 'a', sk: 'b', n: 1 });
});

describe('while another process owns the folder', () => {
  test('a second owner is refused with the id of the process', async () => {
    const owner = await startOwner();
    await expect(openDatabase(folder)).rejects.toThrow(FolderInUse);
    await expect(openDatabase(folder)).rejects.toThrow(`in use by process ${owner.pid}`);
  });

  test('of two processes that start at once after the owner died one is refused', async () => {
    const owner = await startOwner();
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const tries = await Promise.allSettled([openDatabase(folder), openDatabase(folder)]);
    const [won, ...others] = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    opened.push(...(won === undefined ? [] : [won]), ...others);
    expect(won?.own).toBe(true);
    expect(others).toEqual([]);
    const reasons = tries.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(reasons[0]).toBeInstanceOf(FolderInUse);
  });

  test('a reader connects to that process, which keeps running after the reader has closed', async () => {
    await startOwner();
    const reader = await open('read');
    expect(reader.own).toBe(false);
    expect(await tableOf(reader).get('from', 'owner')).toMatchObject({ n: 1 });
    await reader.close();
    expect((await open('read')).own).toBe(false);
  });

  test('after kill -9 another process can own the folder, with everything that was acknowledged', async () => {
    const owner = await startOwner();
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const database = await open();
    expect(database.own).toBe(true);
    expect(await tableOf(database).get('from', 'owner')).toMatchObject({ n: 1 });
  });
});

describe('an endpoint file without a running owner is ignored: it has', () => {
  test.each([
    ['a dead pid', JSON.stringify({ pid: 2 ** 22 + 1, endpoint: 'http://127.0.0.1:9' })],
    ['a pid that now belongs to another program', JSON.stringify({ pid: 1, endpoint: 'http://127.0.0.1:9' })],
    ['no JSON', '{"pid":'],
    ['no pid', '{}'],
  ])('%s', async (_title, written) => {
    await (await openDatabase(folder)).close();
    await writeFile(join(folder, 'endpoint.json'), written);
    expect((await open()).own).toBe(true);
  });
});

test('a reader without an owner opens the files itself, and removes its endpoint file', async () => {
  const reader = await openDatabase(folder, { mode: 'read' });
  expect(reader.own).toBe(true);
  await reader.close();
  await expect(readFile(join(folder, 'endpoint.json'))).rejects.toThrow('ENOENT');
});
