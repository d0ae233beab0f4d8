/** A disk that is really full: a small file system in memory, which only root can mount. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import type { Notice } from '../../local/database/repair.ts';
import { type Database, localTable, openDatabase } from '../../local/database.ts';

const mount = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-full-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', mount], { stdio: 'ignore' }).status === 0;
const filler = path.join(mount, 'filler');

const elsewhere = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-copy-'));

let opened: Database[] = [];
let said: string[] = [];
let number = 0;

beforeAll(() => {
  number = 0;
});
afterEach(async () => {
  for (const database of opened) await database.close();
  opened = [];
  said = [];
  if (mounted)
    for (const name of ['filler', 'history']) rmSync(path.join(mount, name), { recursive: true, force: true });
});
afterAll(() => {
  if (mounted) execFileSync('umount', [mount]);
  rmSync(mount, { recursive: true });
  rmSync(elsewhere, { recursive: true });
});

/** The files of the history that never change: tables, and the log and manifest of a process that has ended. */
function contents(): readonly string[] {
  const folder = path.join(mount, 'history', 'dynamodb');
  const files = readdirSync(folder).filter((file) => /\.(ldb|log)$|^(MANIFEST|CURRENT)/.test(file));
  return files.map(
    (file) =>
      `${file} ${createHash('sha256')
        .update(readFileSync(path.join(folder, file)))
        .digest('hex')}`,
  );
}

function copies(): readonly string[] {
  return readdirSync(elsewhere, { recursive: true, encoding: 'utf8' }).filter((name) => /reading-[^/]*$/.test(name));
}

async function open(options: object = {}): Promise<Table> {
  const say = ({ words }: Notice) => void said.push(words);
  const database = await openDatabase(path.join(mount, 'history'), { say, retry: 50, ...options });
  opened.push(database);
  return dynamodbTable(database.client, localTable);
}

async function close(): Promise<void> {
  for (const database of opened.splice(0)) await database.close();
}

function fillUp(): void {
  for (const size of [1024 * 1024, 4096, 512]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Full for blocks of this size.
    }
  }
}

/** Bytes that do not compress. @returns their keys */
async function put(table: Table, count: number): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let n = 0; n < count; n += 1) {
    number += 1;
    const sk = `2026-11-26T00:00:00Z${String(number).padStart(6, '0')}`;
    const noise = Array.from({ length: 1500 }, () => Math.random().toString(36).slice(2)).join('');
    expect(await table.put({ pk: 'round#local', sk, noise })).toBe(true);
    keys.push(sk);
  }
  return keys;
}

async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 4_000 && !holds(); n += 1) await sleep(25);
  expect(holds()).toBe(true);
}

const cannot = /cannot be written: the disk is full .*Watching goes on, and what is new is held in memory\.$/;
const again = /is written again, with \d+ items that were held in memory\.$/;

describe.skipIf(!mounted)('while the disk is full', () => {
  test.each([
    ['in the middle of a log file', 20],
    ['while a table file is written', 400],
  ])('%s, everything is written and read, and reaches the files later', async (_, before) => {
    const table = await open();
    const keys = [...(await put(table, 20))];
    await table.put({ pk: 'verdicts', sk: 'mx1', version: 1 });
    if (before === 20) fillUp();
    else writeFileSync(filler, Buffer.alloc(10 * 1024 * 1024));
    keys.push(...(await put(table, before)));
    await until(() => said.length > 0);
    expect(await table.put({ pk: 'verdicts', sk: 'mx1', version: 2 }, { version: 1 })).toBe(true);
    expect(await table.put({ pk: 'verdicts', sk: 'mx1', version: 2 }, { version: 1 })).toBe(false);
    expect((await table.query('round#local', { keysOnly: true })).map(({ sk }) => sk)).toEqual(keys);
    expect((await table.query('round#local', { newestFirst: true, limit: 1, keysOnly: true }))[0]?.sk).toBe(
      keys.at(-1),
    );
    expect(said).toEqual([expect.stringMatching(cannot)]);

    rmSync(filler);
    await until(() => said.length > 1);
    expect(said).toEqual([expect.stringMatching(cannot), expect.stringMatching(again)]);
    keys.push(...(await put(table, 5)));
    await close();
    const later = await open();
    expect((await later.query('round#local', { keysOnly: true })).map(({ sk }) => sk)).toEqual(keys);
    expect(await later.get('verdicts', 'mx1')).toMatchObject({ version: 2 });
  });

  test.each([
    ['a few items, in the log alone', 20],
    ['tables, too', 700],
  ])('a monitor starts all the same and reads what was before: %s', async (_, count) => {
    const first = await open();
    const before = await put(first, count);
    await first.put({ pk: 'verdicts', sk: 'mx1', version: 7 });
    await close();
    fillUp();
    const stored = contents();
    const table = await open({ copyFolders: [elsewhere] });
    expect(said).toEqual([expect.stringMatching(cannot)]);
    expect((await table.query('round#local', { keysOnly: true })).map(({ sk }) => sk)).toEqual(before);
    expect(await table.put({ pk: 'verdicts', sk: 'mx1', version: 1 }, { version: null })).toBe(false);
    expect(await table.put({ pk: 'verdicts', sk: 'mx1', version: 8 }, { version: 7 })).toBe(true);
    const during = await put(table, 5);
    expect(contents()).toEqual(expect.arrayContaining([...stored]));
    rmSync(filler);
    await until(() => said.length > 1);
    expect(said[1]).toMatch(again);
    const all = [...before, ...during];
    expect((await table.query('round#local', { keysOnly: true })).map(({ sk }) => sk)).toEqual(all);
    expect(copies()).toEqual([]);
    await close();
    const later = await open();
    expect((await later.query('round#local', { keysOnly: true })).map(({ sk }) => sk)).toEqual(all);
    expect(await later.get('verdicts', 'mx1')).toMatchObject({ version: 8 });
  });

  test('a monitor that was killed there leaves a copy, which the next one removes', async () => {
    await put(await open(), 20);
    await close();
    fillUp();
    const killed = spawn('npx', ['tsx', 'test/local/owner-process.ts', path.join(mount, 'history')], {
      env: { ...process.env, COPY_FOLDER: elsewhere },
      detached: true,
    });
    await once(killed.stdout, 'data');
    expect(copies()).toHaveLength(1);
    process.kill(-(killed.pid as number), 'SIGKILL');
    await once(killed, 'exit');
    const table = await open({ copyFolders: [elsewhere] });
    expect(await table.query('round#local', { keysOnly: true })).toHaveLength(20);
    expect(copies()).toHaveLength(1);
    await close();
    expect(copies()).toEqual([]);
  });

  test('without a place for a copy it starts, too, and finds what was before once there is room', async () => {
    const before = await put(await open(), 20);
    await close();
    fillUp();
    const table = await open({ copyFolders: [path.join(mount, 'full-as-well')] });
    expect(said).toEqual([expect.stringMatching(/the disk is full .*what was in it before cannot be read/)]);
    const during = await put(table, 5);
    rmSync(filler);
    await until(() => said.length > 1);
    expect((await table.query('round#local', { keysOnly: true })).map(({ sk }) => sk)).toEqual([...before, ...during]);
  });

  test('on its first start it has no folder, and makes it once there is room', async () => {
    fillUp();
    const table = await open();
    expect(said[0]).toMatch(cannot);
    const keys = await put(table, 5);
    rmSync(filler);
    await until(() => said.some((words) => again.test(words)));
    await close();
    expect((await (await open()).query('round#local', { keysOnly: true })).map(({ sk }) => sk)).toEqual(keys);
  });

  test('what does not fit in memory is the oldest rounds, and their number is said', async () => {
    const table = await open({ capacity: 200_000 });
    await put(table, 20);
    fillUp();
    await table.put({ pk: 'verdicts', sk: 'mx1', version: 1 });
    const keys = await put(table, 60);
    const left = (await table.query('round#local', { newestFirst: true, limit: 3, keysOnly: true })).map(
      ({ sk }) => sk,
    );
    expect(left).toEqual(keys.slice(-3).reverse());
    expect(await table.get('verdicts', 'mx1')).not.toBeNull();
    rmSync(filler);
    await until(() => said.length > 1);
    expect(said[1]).toMatch(/ \d+ rounds did not fit in memory and are lost\.$/);
  });

  test('a command that only reads says so', async () => {
    await put(await open(), 20);
    await close();
    fillUp();
    await expect(open({ mode: 'read' })).rejects.toThrow(/cannot be used: the disk is full/);
  });
});
