import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { openDisk } from '../../local/database/leveldb-disk.ts';
import { localTable, openDatabase } from '../../local/database.ts';

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () => path.join(folder, 'dynamodb');
const file = (pattern: RegExp) => path.join(files(), readdirSync(files()).find((name) => pattern.test(name)) ?? 'none');
const open = () => openDatabase(folder, { say: ({ words }) => void said.push(words) });
const count = 300;

/** A history whose older items are in a table file, and whose last is in the log. */
async function fill(): Promise<void> {
  const database = await open();
  const table = dynamodbTable(database.client, localTable);
  for (let n = 0; n < count; n += 1) await table.put({ pk: 'a', sk: `${1000 + n}`, text: `${n} `.repeat(200) });
  await database.close();
  const disk = await openDisk(files());
  await disk.rotate();
  await disk.close();
  const again = await open();
  await dynamodbTable(again.client, localTable).put({ pk: 'a', sk: 'last' });
  await again.close();
}

/** What is left, how long it was read. */
async function itemsLeft(): Promise<readonly string[]> {
  const database = await open();
  const table = dynamodbTable(database.client, localTable);
  const items = await table.query('a');
  expect(await table.put({ pk: 'b', sk: 'after' })).toBe(true);
  expect(await table.get('b', 'after')).not.toBeNull();
  await database.close();
  return items.map(({ sk }) => sk);
}

const current = () => path.join(files(), 'CURRENT');

describe('damaged files are repaired, and that is said', () => {
  test.each<[string, () => void, (left: readonly string[]) => void]>([
    ['CURRENT is missing', () => rmSync(current()), all],
    ['CURRENT is empty', () => writeFileSync(current(), ''), all],
    ['CURRENT names nothing', () => writeFileSync(current(), 'MANIFEST-009999\n'), all],
    ['CURRENT is something else', () => writeFileSync(current(), 'junk'), all],
    ['the MANIFEST is missing', () => rmSync(file(/^MANIFEST/)), all],
    ['the MANIFEST is something else', () => writeFileSync(file(/^MANIFEST/), 'x'.repeat(500)), all],
    ['a table file is missing', () => rmSync(file(/\.ldb$/)), atLeastLast],
    ['a table file is empty', () => writeFileSync(file(/\.ldb$/), ''), atLeastLast],
    ['a table file was cut off', () => truncateSync(file(/\.ldb$/), statSync(file(/\.ldb$/)).size >> 1), atLeastLast],
    ['blocks of a table file are something else', () => flip(file(/\.ldb$/)), atLeastLast],
  ])('%s', async (_, damage, holds) => {
    await fill();
    damage();
    holds(await itemsLeft());
    expect(said).toEqual([
      expect.stringMatching(
        /^The history in .*dynamodb was damaged: .*\. It was repaired from \d+ files; .* is lost\.$/,
      ),
    ]);
    said = [];
    await itemsLeft();
    expect(said).toEqual([]);
  });
});

function all(left: readonly string[]): void {
  expect(left).toHaveLength(count + 1);
}

function atLeastLast(left: readonly string[]): void {
  expect(left).toContain('last');
}

/** So many bytes that LevelDB cannot read a block of it. */
function flip(name: string): void {
  const bytes = readFileSync(name);
  for (let at = 0; at < bytes.length - 200; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0x55;
  writeFileSync(name, bytes);
}

test('what cannot be repaired is set aside under the time, and a new history begins', async () => {
  await fill();
  rmSync(current());
  mkdirSync(path.join(current(), 'folder'), { recursive: true });
  expect(await itemsLeft()).toEqual([]);
  expect(said).toEqual([
    expect.stringMatching(
      /cannot be repaired \(.*\) and was moved to .*\.damaged-\d{4}-\d\d-\d\dT.*Z\. A new history begins\.$/,
    ),
  ]);
  const aside = readdirSync(folder).find((name) => name.startsWith('dynamodb.damaged-')) ?? '';
  expect(readdirSync(path.join(folder, aside)).some((name) => name.endsWith('.ldb'))).toBe(true);
});

describe('where it cannot go on it says the folder and the cause', () => {
  test.each<[string, () => void, RegExp]>([
    ['a LOCK that is none', () => lockFolder(), /the history in .*dynamodb cannot be used: .*LOCK: Is a directory/],
    [
      'a file where the files should be',
      () => writeFileSync(files(), ''),
      /cannot be used: a file is where the folder should be/,
    ],
  ])('%s', async (_, damage, words) => {
    damage();
    await expect(open()).rejects.toThrow(words);
    expect(said).toEqual([]);
  });
});

function lockFolder(): void {
  mkdirSync(path.join(files(), 'LOCK'), { recursive: true });
}

test('a table that a process left half made is finished', async () => {
  const disk = await openDisk(files());
  await disk.write([{ key: 'table~smtp-quorum', value: halfMade }]);
  await disk.close();
  expect(await itemsLeft()).toEqual([]);
});

const halfMade = {
  TableName: localTable,
  TableStatus: 'CREATING',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};
