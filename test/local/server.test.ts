import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { type Listening, listenOnLoopback } from '../../local/database/listen-for-aws-cli.ts';
import { excessOf } from '../../local/database/request-limits.ts';
import { socketsOf } from '../../local/database/socket.ts';
import { type Database, localTable, openDatabase } from '../../local/database.ts';

let folder: string;
let database: Database;
let listening: Listening;
let socketPath: string;
beforeAll(async () => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'smtp-quorum-')), 'data');
  database = await openDatabase(folder);
  await dynamodbTable(database.client, localTable).put({ pk: 'verdicts', sk: 'mx1', verdict: 'up' });
  listening = await listenOnLoopback(database.ask, 0);
  socketPath = socketsOf(folder)[0] ?? '';
});
afterAll(async () => {
  await listening.close();
  await database.close();
  rmSync(path.dirname(folder), { recursive: true, force: true });
});

interface Asked {
  readonly operation?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
}

const query = {
  TableName: localTable,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: 'verdicts' } },
};

function ask(
  where: 'socket' | 'loopback',
  { operation = 'Query', method = 'POST', headers = {}, body = query }: Asked,
) {
  const { hostname, port } = new URL(listening.endpoint);
  return new Promise<{ status: number; text: string; headers: object }>((resolve, reject) => {
    const asked = request(
      {
        ...(where === 'socket' ? { socketPath } : { hostname, port }),
        method,
        headers: {
          'X-Amz-Target': `DynamoDB_20120810.${operation}`,
          'Content-Type': 'application/x-amz-json-1.0',
          ...headers,
        },
      },
      async (response) => {
        let text = '';
        for await (const chunk of response) text += String(chunk);
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
      },
    );
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    asked.on('error', reject).end(method === 'POST' ? text : undefined);
  });
}

const signed = (key: string) => ({
  Authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261126/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
});
const right = () => signed(listening.accessKeyId);

describe('the socket', () => {
  test('can be reached by its owner alone', () => {
    expect(statSync(path.dirname(socketPath)).mode & 0o777).toBe(0o700);
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(folder, 'dynamodb')).mode & 0o777).toBe(0o700);
  });

  test('answers', async () => {
    expect(await ask('socket', {})).toMatchObject({ status: 200, text: expect.stringContaining('"mx1"') });
  });

  test.each([
    'DeleteTable',
    'CreateTable',
    'DeleteItem',
    'UpdateItem',
    'UpdateTable',
    'BatchWriteItem',
    '',
    'constructor',
  ])('does not answer %s', async (operation) => {
    const answer = await ask('socket', { operation });
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('AccessDeniedException') });
  });

  test('of a folder whose path is too long for one is in a private folder for temporary files', async () => {
    const long = path.join(folder, 'x'.repeat(120));
    const other = await openDatabase(long);
    const [socket = '', ...more] = socketsOf(long);
    expect([path.dirname(path.dirname(socket)), more]).toEqual([tmpdir(), []]);
    const reader = await openDatabase(long, { mode: 'read' });
    expect(reader.own).toBe(false);
    await reader.close();
    await other.close();
  });

  test('where somebody else could stand in for the owner is not asked', async () => {
    const open = path.join(folder, 'open');
    mkdirSync(path.join(open, 'socket'), { recursive: true });
    const other = await openDatabase(open, { mode: 'read' });
    chmodSync(path.join(open, 'socket'), 0o777);
    await expect(openDatabase(open, { mode: 'read' })).rejects.toThrow('is in use by another process');
    await other.close();
  });

  test.each<[NodeJS.Platform, RegExp]>([
    ['win32', /^\\\\\.\\pipe\\smtp-quorum-/],
    ['linux', /socket\/dynamodb$/],
  ])('on %s is %s', (platform, name) => {
    expect(socketsOf(folder, platform)[0]).toMatch(name);
  });
});

describe.each(['socket', 'loopback'] as const)('over %s', (where) => {
  test.each<[string, () => Asked]>([
    ['a page of a browser', () => ({ headers: { ...right(), Origin: 'http://example.com' } })],
    ['a page without a name', () => ({ headers: { ...right(), Origin: 'null' } })],
    ['a preflight', () => ({ method: 'OPTIONS', headers: { Origin: 'http://example.com' } })],
    ['a form or an image', () => ({ headers: { ...right(), 'Sec-Fetch-Site': 'cross-site' } })],
  ])('%s is refused, and may read nothing', async (_, asked) => {
    const answer = await ask(where, asked());
    expect(answer.status).toBe(403);
    expect(JSON.stringify(answer.headers).toLowerCase()).not.toContain('access-control');
    expect(answer.text).not.toContain('mx1');
  });

  test.each<[string, Asked]>([
    ['no JSON', { body: '{' }],
    ['no object', { body: '1' }],
    ['nested without end', { body: `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}` }],
    ['more than any item', { body: 'x'.repeat(3 * 1024 * 1024) }],
    ['open parentheses', { body: { ...query, FilterExpression: `${'('.repeat(30)}a = :pk` } }],
    ['a long expression', { body: { ...query, FilterExpression: 'a = :pk OR '.repeat(500) } }],
    ['no table', { body: { ...query, TableName: 'other' } }],
  ])('%s is refused at once', async (_, asked) => {
    const began = Date.now();
    const answer = await ask(where, { headers: right(), ...asked }).catch((error) => ({
      status: 0,
      text: String(error),
    }));
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(answer.status).not.toBe(200);
    expect((await ask(where, { headers: right() })).status).toBe(200);
  });
});

describe('on loopback', () => {
  test.each<[string, () => Readonly<Record<string, string>>]>([
    ['nothing', () => ({})],
    ['another key', () => signed('LOCAL0000')],
    ['no key', () => signed('')],
    ['a key that begins alike', () => signed(listening.accessKeyId.slice(0, -1))],
    ['a key that is longer', () => signed(`${listening.accessKeyId}0`)],
    ['the key elsewhere', () => ({ Authorization: listening.accessKeyId })],
  ])('who signs with %s is refused', async (_, headers) => {
    const answer = await ask('loopback', { headers: headers() });
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('UnrecognizedClientException') });
    expect((await ask('loopback', { method: 'GET', headers: headers() })).text).not.toContain('pid');
  });

  test('who signs with the key reads, and cannot write', async () => {
    expect(await ask('loopback', { headers: right() })).toMatchObject({
      status: 200,
      text: expect.stringContaining('mx1'),
    });
    for (const operation of ['PutItem', 'Scan', 'DeleteItem', 'DeleteTable', 'UpdateItem']) {
      const body = { TableName: localTable, Item: { pk: { S: 'verdicts' }, sk: { S: 'forged' } } };
      expect(await ask('loopback', { operation, headers: right(), body })).toMatchObject({ status: 400 });
    }
    expect((await ask('loopback', { headers: right() })).text).not.toContain('forged');
  });
});

test('no expression within the bounds holds up the process', async () => {
  const tokens = [
    '(',
    ')',
    'a',
    ' = ',
    ':pk',
    ' AND ',
    ' OR ',
    'NOT ',
    'size(',
    'contains(',
    ', ',
    ' IN (',
    '.b',
    '[0]',
    ' BETWEEN ',
  ];
  const expression = fc.array(fc.constantFrom(...tokens), { maxLength: 400 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(expression, async (FilterExpression) => {
      const began = performance.now();
      await database.ask('Query', JSON.stringify({ ...query, FilterExpression }));
      expect(performance.now() - began).toBeLessThan(10_000);
    }),
    { numRuns: 300 },
  );
});

test.each<[string, object, RegExp | null]>([
  ['our own', query, null],
  ['three levels', { FilterExpression: '(((a = :a)))' }, null],
  ['four levels', { FilterExpression: '((((a = :a))))' }, /nested deeper than 3/],
  ['4 KB', { ProjectionExpression: 'a'.repeat(4096) }, null],
  ['more', { UpdateExpression: 'a'.repeat(4097) }, /maximum allowed size of 4096 bytes/],
])('bounds of a request: %s', (_, written, excess) => {
  const found = excessOf(written as Record<string, unknown>);
  if (excess === null) expect(found).toBeNull();
  else expect(found).toMatch(excess);
});

test('answers go on while many ask at once', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask('socket', {})));
  await sleep(0);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});
