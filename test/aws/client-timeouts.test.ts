import { createServer, type Server, type Socket } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callBounds, clientSettings, longestCall } from '../../lambda/aws/client-timeouts.ts';
import { sampleConfig, synthesise } from '../lib/synthesis.ts';

const sockets = new Set<Socket>();
let silent: Server;
let port: number;

beforeAll(async () => {
  silent = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  port = (silent.address() as { port: number }).port;
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => silent.close(done));
});

const quick = { connect: 2_000, request: 500, attempts: 2 };
/** Milliseconds, for a busy machine that loads the client. */
const SLACK = 15_000;
const at = (scheme: string) => ({
  ...clientSettings('us-east-1', quick),
  endpoint: `${scheme}://127.0.0.1:${port}`,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

const calls: readonly [string, (scheme: string) => Promise<unknown>][] = [
  ['DynamoDB', (scheme) => new DynamoDBClient(at(scheme)).send(new GetItemCommand({ TableName: 't', Key: {} }))],
  [
    'EventBridge',
    (scheme) => new EventBridgeClient(at(scheme)).send(new PutEventsCommand({ Entries: [{ Source: 's' }] })),
  ],
  ['SNS', (scheme) => new SNSClient(at(scheme)).send(new PublishCommand({ Message: 'm' }))],
  [
    'Secrets Manager',
    (scheme) => new SecretsManagerClient(at(scheme)).send(new GetSecretValueCommand({ SecretId: 's' })),
  ],
];

describe.each(['http', 'https'])('a server that accepts and stays silent, by %s', (scheme) => {
  test.each(calls)('costs a call to %s no more than its bounds, and fails it', async (_, call) => {
    const connections = sockets.size;
    const started = performance.now();
    await expect(call(scheme)).rejects.toThrow(/did not (receive|establish)|timed? ?out|timeout/i);
    expect(performance.now() - started).toBeLessThan(longestCall(quick) + SLACK);
    expect(sockets.size - connections).toBe(quick.attempts);
  });
});

test('the bounds of a call: a second to connect, three to five to answer', () => {
  expect(callBounds.connect).toBe(1_000);
  expect(callBounds.request).toBeGreaterThanOrEqual(3_000);
  expect(callBounds.request).toBeLessThanOrEqual(5_000);
});

test('every function has time for its longest call, and the probe for three beside its slowest target', () => {
  const { home, probes } = synthesise(sampleConfig());
  const timeouts = [home, ...probes.values()].flatMap((stack) =>
    Object.values(stack.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => [Properties.FunctionName, Properties.Timeout * 1_000] as const,
    ),
  );
  for (const [, timeout] of timeouts) expect(timeout).toBeGreaterThan(longestCall());
  for (const [name, timeout] of timeouts)
    if (name === 'smtp-quorum-probe') expect(timeout).toBeGreaterThanOrEqual(20_000 + 3 * longestCall());
});
