import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenTable, openLocalTable, withReopening } from '../../../bin/store/open-table.ts';
import { vantageSubject } from '../../../lambda/consensus/judge-blind-vantage.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { dynamodbTable } from '../../../lambda/history/table/dynamodb.ts';
import { localTable, openDatabase } from '../../../local/database.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';
import { cli, inProcess } from '../cli.ts';

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-'));
  const { client, close } = await openDatabase(path.join(folder, 'newer'));
  const table = dynamodbTable(client, localTable);
  const { writeJudgement } = openHistory(table);
  const since = isoSeconds(Date.now());
  const up = { verdict: 'up', since, incident: null, owed: [] } as const;
  for (const target of ['mx1', vantageSubject('local')]) await writeJudgement({ ...up, target }, 0, null);
  await table.put({ pk: 'round#local', sk: isoSeconds(Date.now() - 60_000), packing: 9, samples: {} });
  await close();
});

afterAll(() => rmSync(folder, { recursive: true }));

test('an item of a later version is skipped, and named', async () => {
  const { code, stdout, stderr } = await inProcess(['history', 'mx1', '--folder', path.join(folder, 'newer')]);
  expect(stderr).toMatch(/^smtp-quorum: The item round#local .* cannot be read, and is skipped: .*has packing 9.*\n$/);
  expect(stderr).toMatch(/this version reads 1: update smtp-quorum/);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^no sample/)]);
});

test('an export omits what cannot be read, and can be imported', async () => {
  const [spoiled, fresh, file] = ['spoiled', 'fresh', 'spoiled.ndjson'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  const { client, close } = await openDatabase(spoiled);
  const table = dynamodbTable(client, localTable);
  const up = { verdict: 'up', since: isoSeconds(Date.now()), incident: null, owed: [] } as const;
  await openHistory(table).writeJudgement({ ...up, target: 'mx1' }, 0, null);
  await table.put({ pk: 'verdicts', sk: 'a' });
  await close();
  const { stderr } = await inProcess(['export', '--out', file, '--folder', spoiled]);
  expect(stderr).toContain('1 items that cannot be read are not exported');
  const imported = await inProcess(['import', file, '--folder', fresh]);
  expect([imported.code, imported.stdout]).toEqual([0, expect.stringMatching(/^1 of 1 items were new/)]);
});

describe('an error is one line with exit code 3', () => {
  test.each<[string, string[], RegExp]>([
    [
      'a missing folder',
      ['export', '--out', '/nowhere/at/all.ndjson'],
      /--out: \/nowhere\/at\/all\.ndjson cannot be written: there is no such folder/,
    ],
  ])('%s', async (_, args, words) => {
    const { code, stdout, stderr } = await inProcess([...args, '--folder', path.join(folder, 'newer')]);
    expect(stderr).toMatch(/^smtp-quorum: .*\n$/);
    expect(stderr).toMatch(words);
    expect([code, stdout]).toEqual([3, '']);
  });

  test.each([
    ['', 1],
    ['1', 4],
  ])('AWS is unreachable, with DEBUG=%j', async (DEBUG, lines) => {
    const env = {
      DEBUG,
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_ACCESS_KEY_ID: 'example',
      AWS_SECRET_ACCESS_KEY: 'example',
    };
    const { code, stderr } = await cli(['status', '--table', 'smtp-quorum', '--region', 'us-east-1'], { env });
    expect(stderr).toMatch(/^smtp-quorum: cannot reach AWS: connect ECONNREFUSED 127\.0\.0\.1:1; check --region\n/);
    expect(stderr.trimEnd().split('\n').length).toBeGreaterThanOrEqual(lines);
    expect(stderr.includes('    at ')).toBe(DEBUG !== '');
    expect(code).toBe(3);
  });
});

describe('a table whose owner process ends', () => {
  test('is reopened, and the query is repeated', async () => {
    const shared = path.join(folder, 'shared');
    const owner = spawn(process.execPath, ['--import', 'tsx', 'test/local/owner-process.ts', shared], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }) as ChildProcess & { stdout: NodeJS.ReadableStream };
    await once(owner.stdout, 'data');
    const opened = await openLocalTable(shared);
    expect(await opened.table.get('from', 'owner')).toMatchObject({ n: 1 });
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const answers = await Promise.all([opened.table.get('from', 'owner'), opened.table.query('from')]);
    expect(answers).toMatchObject([{ n: 1 }, [{ n: 1 }]]);
    expect(await opened.partitions()).toEqual(['from']);
    await opened.close();
  });

  test('is closed after all queries have returned', async () => {
    const opened = await openLocalTable(path.join(folder, 'newer'));
    const asked = Promise.all(Array.from({ length: 20 }, () => opened.table.query('verdicts')));
    await opened.close();
    expect((await asked).map(({ length }) => length)).toEqual(Array(20).fill(2));
  });

  test('is reopened once only, and only if it cannot be reached', async () => {
    let opens = 0;
    const failing = (error: Error) => async (): Promise<OpenTable> => {
      opens += 1;
      const fail = () => Promise.reject(error);
      return { table: { ...openInMemoryTable(), get: fail }, partitions: fail, close: async () => {} };
    };
    const gone = await withReopening(failing(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })));
    await expect(gone.table.get('a', 'b')).rejects.toThrow('gone');
    expect(opens).toBe(2);
    const broken = await withReopening(failing(new Error('broken')));
    await expect(broken.table.get('a', 'b')).rejects.toThrow('broken');
    expect(opens).toBe(3);
  });
});
