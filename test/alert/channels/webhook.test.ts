import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { postWebhook } from '../../../lambda/alert/channels/webhook.ts';

const limits = { timeout: 300, attempts: 3, pause: 5 };
const open: Server[] = [];

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A receiver that responds with each of `statuses` in turn, then always with the last. It does not respond for 0. */
async function receiver(...statuses: number[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    const status = statuses[Math.min(received.length, statuses.length) - 1] ?? 200;
    if (status !== 0) response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('thanks');
  });
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`, received };
}

afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

test('posts the document once, with the alert id as the idempotency key', async () => {
  const { url, received } = await receiver(204);
  await postWebhook(url, '{"kind":"down"}', 'mx1@2026\u202e#1', limits);
  expect(received).toHaveLength(1);
  expect(received[0]?.body).toBe('{"kind":"down"}');
  expect(received[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'idempotency-key': 'mx1@2026%5Cu%7B202e%7D#1',
  });
});

test.each([500, 503, 429, 408, 0])('tries again after %i (0: no response)', async (status) => {
  const { url, received } = await receiver(status, 200);
  await postWebhook(url, '{}', 'id', limits);
  expect(received).toHaveLength(2);
});

test.each([400, 403, 404, 410, 302])('does not try again after %i', async (status) => {
  const { url, received } = await receiver(status);
  await expect(postWebhook(url, '{}', 'id', limits)).rejects.toThrow(`HTTP ${status}`);
  expect(received).toHaveLength(1);
});

test('stops after the last attempt; the error does not contain the secret in the URL', async () => {
  const { url, received } = await receiver(500);
  const failure = await postWebhook(url, '{}', 'id', limits).catch(String);
  expect(failure).toMatch(/^Error: webhook http:\/\/127\.0\.0\.1:\d+ did not accept alert id: HTTP 500 \(attempt 3\)$/);
  expect(received).toHaveLength(3);
});

test('the error contains the code of the socket error', async () => {
  const { url } = await receiver();
  const [server] = open.splice(0);
  await new Promise((done) => server?.close(done));
  await expect(postWebhook(url, '{}', 'id', limits)).rejects.toThrow('ECONNREFUSED');
});
