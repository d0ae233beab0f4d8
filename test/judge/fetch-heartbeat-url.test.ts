import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openHeartbeat } from '../../lambda/judge/fetch-heartbeat-url.ts';
import type { JudgeReport } from '../../lambda/judge/judge.ts';
import type { LogEntry } from '../../lambda/ports.ts';
import { testPorts } from '../ports.ts';

const complete: JudgeReport = { judged: 1, changed: 0, told: 0, failed: [], down: 0, owedFor: 0 };
const minute = 60_000;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function receiver(answer: RequestListener): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`, requests };
}

function heartbeatTo(url: string) {
  const logged: LogEntry[] = [];
  const { config } = testPorts([], { heartbeat: url }).ports;
  return { send: openHeartbeat(config, (entry) => void logged.push(entry)), logged };
}

test('each complete pass is a GET', async () => {
  const { url, requests } = await receiver((_, response) => response.end());
  const { send, logged } = heartbeatTo(url);
  for (let round = 0; round < 3; round += 1) await send(complete, round * minute);
  expect(requests).toEqual(Array(3).fill('GET /secret-path'));
  expect(logged).toEqual([]);
});

test('a pass in which something failed is none', async () => {
  const { url, requests } = await receiver((_, response) => response.end());
  const { send } = heartbeatTo(url);
  await send({ ...complete, failed: ['mx1'] }, 0);
  expect(requests).toEqual([]);
});

test('passes that follow each other within half a round share one, also if the clock is set back', async () => {
  const { url, requests } = await receiver((_, response) => response.end());
  const { send } = heartbeatTo(url);
  for (const now of [0, 1_000, 29_000, 31_000, 32_000, 5_000, 6_000]) await send(complete, now);
  expect(requests).toHaveLength(3);
});

test.each<[string, RequestListener, string]>([
  ['an error', (_, response) => response.writeHead(500).end(), 'HTTP 500'],
  ['a refusal', (_, response) => response.writeHead(404).end(), 'HTTP 404'],
  ['a broken connection', (request) => request.socket.destroy(), 'UND_ERR_SOCKET'],
])('%s is logged once, with the origin alone, until one succeeds', async (_, answer, error) => {
  let isBroken = true;
  const { url } = await receiver((request, response) => (isBroken ? answer(request, response) : response.end()));
  const { send, logged } = heartbeatTo(url);
  await send(complete, 0);
  await send(complete, minute);
  const to = new URL(url).origin;
  expect(logged).toEqual([{ level: 'warn', message: 'heartbeat failed', facts: { to, error } }]);
  isBroken = false;
  await send(complete, 2 * minute);
  isBroken = true;
  await send(complete, 3 * minute);
  expect(logged).toHaveLength(2);
  expect(JSON.stringify(logged)).not.toContain('secret-path');
});

test('a receiver that never answers holds one fetch up, for five seconds, and no other starts', async () => {
  const { url, requests } = await receiver(() => {});
  const { send, logged } = heartbeatTo(url);
  const before = performance.now();
  const first = send(complete, 0);
  await send(complete, minute);
  expect(performance.now() - before).toBeLessThan(4_000);
  await first;
  expect(performance.now() - before).toBeGreaterThan(4_900);
  expect(performance.now() - before).toBeLessThan(30_000);
  expect(requests).toHaveLength(1);
  expect(logged.map(({ facts }) => facts.error)).toEqual(['no reply within 5 s']);
});

test('the end of the monitor ends a fetch, which is no failure', async () => {
  const { url } = await receiver(() => {});
  const { send, logged } = heartbeatTo(url);
  const end = new AbortController();
  const sent = send(complete, 0, end.signal);
  end.abort();
  await sent;
  expect(logged).toEqual([]);
});

test('a host that is not reachable is logged without the URL', async () => {
  const { send, logged } = heartbeatTo('http://127.0.0.1:1/secret-path');
  await send(complete, 0);
  expect(logged).toHaveLength(1);
  expect(JSON.stringify(logged)).not.toContain('secret-path');
});

test('without a URL nothing is sent', async () => {
  const { ports, logged } = testPorts([]);
  await openHeartbeat(ports.config, ports.log)(complete, 0);
  expect(logged).toEqual([]);
});
