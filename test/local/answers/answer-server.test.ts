import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type HttpRequest, plainAnswer } from '../../../lambda/answer/http.ts';
import { type AnswerServer, type AnswerServerOptions, serveAnswers } from '../../../local/answers/answer-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-'));
const servers: AnswerServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function served(extra: Partial<AnswerServerOptions> = {}) {
  const seen: HttpRequest[] = [];
  const server = await serveAnswers({
    listen: { host: '127.0.0.1', port: 0 },
    answer: async (request) => {
      seen.push(request);
      return plainAnswer(200);
    },
    ...extra,
  });
  servers.push(server);
  return { seen, server };
}

interface Ask {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer;
}

function ask({ place }: AnswerServer, { path = '/', method = 'POST', headers = {}, body }: Ask = {}): Promise<number> {
  const where = place.startsWith('/') ? { socketPath: place } : { host: '127.0.0.1', port: new URL(place).port };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ ...where, path, method, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

test('the handler gets the octets of the body, the path without its query, and the address of the client', async () => {
  const { seen, server } = await served();
  const body = Buffer.from([0, 255, 13, 10, 195]);
  expect(await ask(server, { path: '/slack?a=b', headers: { 'X-Slack-Signature': 'v0=1' }, body })).toBe(200);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ method: 'POST', path: '/slack', source: '127.0.0.1' });
  expect(seen[0]?.headers['x-slack-signature']).toBe('v0=1');
  expect(Buffer.from(seen[0]?.body ?? [])).toEqual(body);
});

test.each([
  { path: '/quorum/slack', seen: '/slack' },
  { path: '/slack', seen: '/slack' },
  { path: '/quorumslack', seen: '/quorumslack' },
])('behind a proxy with a path: $path is $seen', async ({ path, seen: expected }) => {
  const { seen, server } = await served({ url: 'https://alerts.example.com/quorum' });
  await ask(server, { path, headers: { host: 'alerts.example.com', 'x-forwarded-for': '203.0.113.9, 192.0.2.7' } });
  expect(seen[0]).toMatchObject({ path: expected, source: '192.0.2.7' });
});

test.each([
  { host: 'rebound.example.net', status: 421 },
  { host: 'rebound.example.net:8025', status: 421 },
  { host: '127.0.0.1.example.net', status: 421 },
  { host: 'localhost:8025', status: 200 },
  { host: '[::1]:8025', status: 200 },
  { host: 'ALERTS.example.com', status: 200 },
])('a request for the host $host: $status', async ({ host, status }) => {
  const { server } = await served({ url: 'https://alerts.example.com' });
  expect(await ask(server, { headers: { host } })).toBe(status);
});

test('a body of 64 KB is taken; one with an octet more, announced or not, is refused and the server goes on', async () => {
  const { seen, server } = await served();
  expect(await ask(server, { body: Buffer.alloc(65_536, 'a') })).toBe(200);
  expect(await ask(server, { body: Buffer.alloc(65_537, 'a') })).toBe(413);
  const chunked = { 'transfer-encoding': 'chunked' };
  expect(await ask(server, { headers: chunked, body: Buffer.alloc(65_537, 'a') })).toBe(413);
  expect(await ask(server)).toBe(200);
  expect(seen).toHaveLength(2);
});

test('a handler that fails is 503', async () => {
  const { server } = await served({ answer: () => Promise.reject(new Error('broken')) });
  expect(await ask(server)).toBe(503);
});

test('a client that sends nothing, and one that is no HTTP, do not hold up others or the stop', async () => {
  const { server } = await served();
  const { port } = new URL(server.place);
  const silent = connect(Number(port), '127.0.0.1');
  const garbage = connect(Number(port), '127.0.0.1', () => garbage.write('\x16\x03\x01\x00\x00'.repeat(100)));
  for (const socket of [silent, garbage]) socket.on('error', () => {});
  expect(await ask(server)).toBe(200);
  const began = performance.now();
  await server.close();
  expect(performance.now() - began).toBeLessThan(4_000);
  silent.destroy();
  garbage.destroy();
});

describe('on a Unix socket', () => {
  test('only its user may open it, and it is removed at the stop', async () => {
    const socket = join(folder, 'answers.sock');
    const { seen, server } = await served({ listen: { socket } });
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(await ask(server, { headers: { host: 'any.example.net', 'x-forwarded-for': '192.0.2.7' } })).toBe(200);
    expect(seen[0]?.source).toBe('192.0.2.7');
    await server.close();
    expect(existsSync(socket)).toBe(false);
  });

  test('what a killed process left is replaced', async () => {
    const socket = join(folder, 'left.sock');
    const { fork } = await import('node:child_process');
    const script = join(folder, 'listen.cjs');
    writeFileSync(
      script,
      `require('node:net').createServer().listen(${JSON.stringify(socket)}, () => process.send('on'))`,
    );
    const child = fork(script);
    await new Promise((resolve) => child.once('message', resolve));
    await expect(served({ listen: { socket } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(socket)).toBe(true);
    const { server } = await served({ listen: { socket } });
    expect(await ask(server)).toBe(200);
  });

  test('a file that is no socket is left alone', async () => {
    const socket = join(folder, 'notes.txt');
    writeFileSync(socket, 'notes');
    await expect(served({ listen: { socket } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(statSync(socket).size).toBe(5);
  });
});

test('a port that is taken is an error', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  await expect(served({ listen: { host: '127.0.0.1', port } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  other.close();
});

test('connections that are held open keep no request out', async () => {
  const { server } = await served();
  const port = Number(new URL(server.place).port);
  const held = Array.from({ length: 80 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  for (const socket of held) socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n');
  for (let nth = 0; nth < 5; nth++) expect(await ask(server)).toBe(200);
  for (const socket of held) socket.destroy();
});
