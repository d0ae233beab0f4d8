import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { urlFetch } from '../../lambda/posture/url-fetch.ts';
import { makeCertificate, type ServerCertificate } from '../../local/demo/certificate.ts';

const host = 'bimi.example.com';
let good: ServerCertificate;
let other: ServerCertificate;
const closing: (() => void)[] = [];

beforeAll(async () => {
  [good, other] = await Promise.all([makeCertificate([host]), makeCertificate(['www.example.com'])]);
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Fetches from a server on loopback. */
async function fetched(listener: RequestListener, path = '/logo.svg', { key, cert, ca } = good, within = 30_000) {
  const server = createSecureServer({ key, cert }, listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(`https://${host}:${(server.address() as AddressInfo).port}${path}`);
  return urlFetch({ ca, within })(url, ['127.0.0.9', '127.0.0.1']);
}

test('the file, by its name, path and query', async () => {
  const answer = await fetched(({ url, headers }, response) => {
    response.setHeader('content-type', 'image/svg+xml');
    response.end(`${headers.host?.split(':')[0]} ${url}`);
  }, '/a/logo.svg?b=c');
  expect(answer).toEqual({
    kind: 'body',
    body: 'bimi.example.com /a/logo.svg?b=c',
    contentType: 'image/svg+xml',
    validTo: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
});

test('a redirect is not followed', async () => {
  let requests = 0;
  const answer = await fetched((_, response) => {
    requests++;
    response.writeHead(302, { location: 'https://169.254.169.254/' }).end();
  });
  expect(answer).toEqual({ kind: 'status', status: 302, location: 'https://169.254.169.254/' });
  expect(requests).toBe(1);
});

test.each([
  ['256 KB are read', 262_144, 'body'],
  ['one octet more is not', 262_145, 'too-large'],
])('%s', async (_, length, kind) => {
  expect(await fetched((__, response) => response.end('x'.repeat(length)))).toMatchObject({ kind });
});

test.each([429, 503])('a server that cannot answer now is unreachable: %i', async (status) => {
  expect(await fetched((_, response) => void response.writeHead(status).end('x'))).toEqual({
    kind: 'unreachable',
    detail: `bimi.example.com [127.0.0.1]: HTTP status ${status}`,
  });
});

test('without time, no address is asked', async () => {
  const url = new URL(`https://${host}/`);
  expect(await urlFetch({ within: 0 })(url, ['127.0.0.1'])).toEqual({
    kind: 'unreachable',
    detail: 'bimi.example.com was not asked: no time is left',
  });
});

test('an endless file is left', async () => {
  const answer = await fetched((_, response) => {
    const write = (): void => {
      while (response.write('x'.repeat(10_000)));
      response.once('drain', write);
    };
    write();
  });
  expect(answer).toEqual({ kind: 'too-large' });
});

test('a certificate of another name', async () => {
  expect(await fetched((_, response) => response.end('x'), '/', other)).toMatchObject({ kind: 'certificate' });
});

test.each<[string, RequestListener]>([
  ['no answer', () => {}],
  ['an end without an answer', (_, response) => void response.socket?.destroy()],
  ['a body that stops', (_, response) => void response.writeHead(200).write('x')],
])('%s may be the network', async (_, listener) => {
  const since = performance.now();
  expect(await fetched(listener, '/', good, 400)).toMatchObject({ kind: 'unreachable' });
  expect(performance.now() - since).toBeLessThan(15_000);
});

test('a server without TLS, and no address', async () => {
  const server = createServer((_, response) => void response.end('x')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const url = new URL(`https://${host}:${(server.address() as AddressInfo).port}/`);
  expect(await urlFetch({ within: 500 })(url, ['127.0.0.1'])).toMatchObject({ kind: 'unreachable' });
  expect(await urlFetch({ within: 500 })(url, [])).toMatchObject({ kind: 'unreachable' });
});
