import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { postWebhook } from '../../../lambda/alert/channels/webhook.ts';

const limits = { timeout: 5000 };
const open: Server[] = [];

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A receiver that always responds with this status. It does not respond for 0. */
async function receiver(
  status: number,
  headers: Record<string, string> = {},
): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    if (status !== 0) response.writeHead(status, headers).end('thanks');
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
  expect(await postWebhook(url, '{"kind":"down"}', 'mx1@2026\u202e#1', limits)).toEqual({
    taken: true,
    answer: 'HTTP 204',
  });
  expect(received).toHaveLength(1);
  expect(received[0]?.body).toBe('{"kind":"down"}');
  expect(received[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'idempotency-key': 'mx1@2026%5Cu%7B202e%7D#1',
  });
  expect(received[0]?.headers.authorization).toBeUndefined();
});

test.each([
  [500, {}, 'HTTP 500', null],
  [503, { 'retry-after': '30' }, 'HTTP 503', 30_000],
  [429, { 'retry-after': '1' }, 'HTTP 429', 1000],
  [400, {}, 'HTTP 400', null],
  [404, { 'retry-after': 'never' }, 'HTTP 404', null],
  [302, { location: '/elsewhere' }, 'HTTP 302, a redirect; configure its destination as the URL', null],
  [0, {}, 'no reply within 0.3 s', null],
])('%i (0: no response) with %j is refused, after one attempt: %s', async (status, headers, words, retryAfter) => {
  const { url, received } = await receiver(status, headers);
  const timeout = status === 0 ? 300 : limits.timeout;
  expect(await postWebhook(url, '{}', 'id', { timeout })).toEqual({ taken: false, words, retryAfter });
  expect(received).toHaveLength(1);
});

test.each([
  ['user:word', 'user:word'],
  ['user:w%C3%B6rd%40%3A', 'user:wörd@:'],
  ['token', 'token:'],
  ['user:100%', 'user:100%'],
])('%s@ in the URL is sent as a header', async (written, expected) => {
  const { url, received } = await receiver(200);
  const withCredentials = url.replace('http://', `http://${written}@`);
  expect(await postWebhook(withCredentials, '{}', 'id', limits)).toEqual({ taken: true, answer: 'HTTP 200' });
  const [scheme, value = ''] = String(received[0]?.headers.authorization).split(' ');
  expect([scheme, Buffer.from(value, 'base64').toString()]).toEqual(['Basic', expected]);
});

test('no refusal contains a secret of the URL', async () => {
  const { url } = await receiver(500);
  const urls = [
    url,
    url.replace('http://', 'http://user:secret-word@'),
    'http://user:secret-word@127.0.0.1:1/secret-path',
  ];
  const results = await Promise.all(urls.map((one) => postWebhook(one, '{}', 'id', limits)));
  expect(results.map(({ taken }) => taken)).toEqual([false, false, false]);
  expect(JSON.stringify(results)).not.toMatch(/secret|user|127/);
});

test('a refusal has the code of the socket error', async () => {
  const { url } = await receiver(200);
  const [server] = open.splice(0);
  await new Promise((done) => server?.close(done));
  expect(await postWebhook(url, '{}', 'id', limits)).toMatchObject({ taken: false, words: 'ECONNREFUSED' });
});

test('a port that `fetch` blocks is named', async () => {
  const blocked = await postWebhook('http://127.0.0.1:1/', '{}', 'id', limits);
  expect(blocked).toMatchObject({ taken: false, words: 'HTTP clients do not use this port' });
});

test('a stop ends the attempt at once', async () => {
  const { url } = await receiver(0);
  const began = performance.now();
  const signal = AbortSignal.timeout(50);
  expect(await postWebhook(url, '{}', 'id', { timeout: 60_000, signal })).toMatchObject({ taken: false });
  expect(performance.now() - began).toBeLessThan(20_000);
});
