import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, test } from 'vitest';
import { dynamodbTable } from '../../../lambda/history/table/dynamodb.ts';
import { retryThrottled } from '../../../lambda/history/table/throttle-retry.ts';

const named = (name: string) => Object.assign(new Error(name), { name });

/** Fails the given number of times, then answers. Records the waits between. */
function trouble(errors: readonly Error[]) {
  const left = [...errors];
  const waits: number[] = [];
  const call = async () => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return 'done';
  };
  return { call, waits, patience: { random: () => 1, sleep: async (ms: number) => void waits.push(ms) } };
}

describe('back-off', () => {
  test.each([
    ['ProvisionedThroughputExceededException'],
    ['RequestLimitExceeded'],
    ['ThrottlingException'],
    ['InternalServerError'],
  ])('waits longer each time while it is %s', async (name) => {
    const { call, waits, patience } = trouble(Array(4).fill(named(name)) as Error[]);
    expect(await retryThrottled(call, patience)).toBe('done');
    expect(waits).toEqual([50, 100, 200, 400]);
  });

  test('waits five seconds at most, and gives up after its attempts', async () => {
    const { call, waits, patience } = trouble(Array(20).fill(named('ThrottlingException')) as Error[]);
    await expect(retryThrottled(call, { ...patience, attempts: 12 })).rejects.toThrow('ThrottlingException');
    expect(waits).toHaveLength(11);
    expect(Math.max(...waits)).toBe(5_000);
  });

  test('does not retry an error that is not a throttle', async () => {
    const { call, waits, patience } = trouble([named('ValidationException')]);
    await expect(retryThrottled(call, patience)).rejects.toThrow('ValidationException');
    expect(waits).toEqual([]);
  });
});

describe('the DynamoDB client', () => {
  const open: { server?: Server; client?: DynamoDBClient } = {};
  afterEach(async () => {
    open.client?.destroy();
    open.server?.closeAllConnections();
    await new Promise((resolve) => open.server?.close(resolve));
  });

  /** Answers each request with the next of these, in DynamoDB's protocol. */
  async function answering(answers: readonly (readonly [status: number, body: object])[]) {
    const left = [...answers];
    const requests: unknown[] = [];
    open.server = createServer(async (request, response) => {
      requests.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
      const [status, body] = left.shift() ?? [500, {}];
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => open.server?.listen(0, '127.0.0.1', resolve));
    const { port } = open.server.address() as AddressInfo;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    open.client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
    const waits: number[] = [];
    const table = dynamodbTable(open.client, 't', { random: () => 1, sleep: async (ms) => void waits.push(ms) });
    return { table, requests, waits };
  }

  const throttled = [
    400,
    { __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException' },
  ] as const;
  const refused = [400, { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' }] as const;

  test('is called again after a throttle, and a failed condition is not an error', async () => {
    const { table, requests, waits } = await answering([throttled, throttled, refused]);
    expect(await table.put({ pk: 'a', sk: 'b' }, { absent: true })).toBe(false);
    expect(requests).toHaveLength(3);
    expect(waits).toEqual([50, 100]);
    expect(requests[2]).toMatchObject({ ConditionExpression: 'attribute_not_exists(pk)' });
  });

  test('is asked for larger pages while all items have expired', async () => {
    const key = (sk: string) => ({ pk: { S: 'a' }, sk: { S: sk } });
    const expired = (sk: string) => ({ ...key(sk), ttl: { N: '1' } });
    const { table, requests } = await answering([
      [200, { Items: [expired('1')], LastEvaluatedKey: key('1') }],
      [200, { Items: [expired('2'), expired('3')], LastEvaluatedKey: key('3') }],
      [200, { Items: [expired('4'), key('5'), key('6')], LastEvaluatedKey: key('6') }],
    ]);
    expect((await table.query('a', { limit: 1 })).map(({ sk }) => sk)).toEqual(['5']);
    expect(requests.map((request) => (request as { Limit?: number }).Limit)).toEqual([1, 2, 4]);
  });

  test('is asked for each next page, from the end of the page before', async () => {
    const key = (sk: string) => ({ pk: { S: 'a' }, sk: { S: sk } });
    const { table, requests } = await answering([
      [200, { Items: [key('1')], LastEvaluatedKey: key('1') }],
      throttled,
      [200, { Items: [], LastEvaluatedKey: key('2') }],
      [200, { Items: [key('3')] }],
    ]);
    expect((await table.query('a')).map(({ sk }) => sk)).toEqual(['1', '3']);
    expect(requests.map((request) => (request as { ExclusiveStartKey?: object }).ExclusiveStartKey)).toEqual([
      undefined,
      key('1'),
      key('1'),
      key('2'),
    ]);
  });
});
