import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { createServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { certificateFetch } from '../../lambda/posture/certificate-fetch.ts';
import { makeCertificate } from '../../local/demo/certificate.ts';

const host = 'webmail.example.com';
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return (server.address() as AddressInfo).port;
}

async function fetched(names: readonly string[], from = Date.now(), trusted = true) {
  const { key, cert, ca } = await makeCertificate([...names], from);
  const port = await portOf(createServer({ key, cert }, (socket) => socket.on('error', () => {})));
  return certificateFetch({ port, within: 30_000, ...(trusted ? { ca } : {}) })(host, ['127.0.0.1']);
}

test('a valid certificate has an end', async () => {
  expect(await fetched([host])).toEqual({ kind: 'valid', validTo: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
});

test.each<[string, readonly string[], number, boolean, RegExp]>([
  ['of another name', ['www.example.org'], 0, true, /ALTNAME/],
  ['expired', [host], 100, true, /EXPIRED/],
  ['of an authority that nobody trusts', [host], 0, false, /SIGNED|ISSUER|VERIFY/],
])('%s', async (_, names, days, trusted, words) => {
  const found = await fetched(names, Date.now() - days * 86_400_000, trusted);
  expect(found).toEqual({ kind: 'invalid', detail: expect.stringMatching(words) });
});

test('nobody listens, and the next address is tried', async () => {
  const port = await portOf(createTcpServer());
  open.splice(0)[0]?.close();
  const found = await certificateFetch({ port, within: 1_000 })(host, ['127.0.0.1', '127.0.0.1']);
  expect(found).toEqual({ kind: 'unreachable', detail: expect.stringContaining('ECONNREFUSED') });
});

test('a server that says nothing has a deadline', async () => {
  const port = await portOf(createTcpServer((socket) => socket.on('error', () => {})));
  const found = await certificateFetch({ port, within: 200 })(host, ['127.0.0.1']);
  expect(found).toEqual({ kind: 'unreachable', detail: expect.stringContaining('no answer within 0.2 s') });
});

test('the addresses of a host share the deadline', async () => {
  const port = await portOf(createTcpServer((socket) => socket.on('error', () => {})));
  const since = performance.now();
  const addresses = Array.from({ length: 20 }, () => '127.0.0.1');
  const found = await certificateFetch({ port, within: 1_000 })(host, addresses);
  expect(found).toMatchObject({ kind: 'unreachable' });
  expect(performance.now() - since).toBeLessThan(10_000);
});

test('no address', async () => {
  expect(await certificateFetch({ port: 443, within: 200 })(host, [])).toMatchObject({ kind: 'unreachable' });
});
