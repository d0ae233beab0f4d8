import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { policyFetch, policyUrl } from '../../lambda/posture/policy-fetch.ts';
import { makeCertificate, type ServerCertificate } from '../../local/demo/certificate.ts';

const host = 'mta-sts.example.com';
let good: ServerCertificate;
let other: ServerCertificate;
let expired: ServerCertificate;
const closing: (() => void)[] = [];

beforeAll(async () => {
  const monthsAgo = Date.now() - 100 * 86_400_000;
  [good, other, expired] = await Promise.all([
    makeCertificate([host]),
    makeCertificate(['www.example.com']),
    makeCertificate([host], monthsAgo),
  ]);
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(listener: RequestListener, { key, cert, ca } = good, within = 30_000) {
  const server = createSecureServer({ key, cert }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return policyFetch({ port: (server.address() as AddressInfo).port, ca, within });
}

const answering: RequestListener = ({ url, headers }, response) => {
  response.setHeader('content-type', 'text/plain');
  response.end(`${headers.host} ${url}`);
};

test('the policy, by its name and path', async () => {
  const fetch = await serve(answering);
  expect(await fetch(host, ['127.0.0.1'])).toEqual({
    kind: 'policy',
    body: 'mta-sts.example.com /.well-known/mta-sts.txt',
    contentType: 'text/plain',
    validTo: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(policyUrl('example.com')).toBe('https://mta-sts.example.com/.well-known/mta-sts.txt');
});

test('the next address if one is not reachable', async () => {
  const fetch = await serve(answering);
  expect(await fetch(host, ['127.0.0.9', '127.0.0.1'])).toMatchObject({ kind: 'policy' });
});

test('a redirect is not followed', async () => {
  let requests = 0;
  const fetch = await serve((_, response) => {
    requests++;
    response.writeHead(301, { location: 'https://www.example.com/' }).end();
  });
  expect(await fetch(host, ['127.0.0.1'])).toEqual({
    kind: 'status',
    status: 301,
    location: 'https://www.example.com/',
  });
  expect(requests).toBe(1);
});

test('another status', async () => {
  const fetch = await serve((_, response) => response.writeHead(404).end());
  expect(await fetch(host, ['127.0.0.1'])).toEqual({ kind: 'status', status: 404, location: null });
});

test.each([429, 500, 502, 503])(
  'a server that cannot answer now is unreachable, and the next address is asked: %i',
  async (status) => {
    let requests = 0;
    const fetch = await serve((_, response) => {
      requests++;
      if (requests === 1) response.writeHead(status).end('x');
      else response.end('x');
    });
    expect(await fetch(host, ['127.0.0.1'])).toEqual({
      kind: 'unreachable',
      detail: `mta-sts.example.com [127.0.0.1]: HTTP status ${status}`,
    });
    requests = 0;
    expect(await fetch(host, ['127.0.0.1', '127.0.0.1'])).toMatchObject({ kind: 'policy' });
  },
);

test.each([
  ['64 KB are read', 65_536, 'policy'],
  ['one octet more is not', 65_537, 'too-large'],
])('%s', async (_, length, kind) => {
  const fetch = await serve((__, response) => response.end('x'.repeat(length)));
  expect(await fetch(host, ['127.0.0.1'])).toMatchObject({ kind });
});

test('an endless body is left', async () => {
  const fetch = await serve((_, response) => {
    const write = (): void => {
      while (response.write('x'.repeat(10_000)));
      response.once('drain', write);
    };
    write();
  });
  expect(await fetch(host, ['127.0.0.1'])).toEqual({ kind: 'too-large' });
});

describe('a certificate that senders refuse is a finding', () => {
  test.each([
    ['of another name', () => other, () => other.ca],
    ['that expired', () => expired, () => expired.ca],
    ['of an unknown authority', () => good, () => other.ca],
  ])('%s', async (_, certificate, ca) => {
    const fetch = await serve(answering, { ...certificate(), ca: ca() });
    expect(await fetch(host, ['127.0.0.1'])).toMatchObject({ kind: 'certificate' });
  });
});

describe('what may be the network is not', () => {
  test.each<[string, RequestListener]>([
    ['no answer', () => {}],
    ['an end without an answer', (_, response) => void response.socket?.destroy()],
    [
      'an end within the body',
      (_, response) =>
        void response.writeHead(200, { 'content-length': 100 }).write('x', () => response.socket?.destroy()),
    ],
    ['a body that stops', (_, response) => void response.writeHead(200).write('x')],
  ])('%s', async (_, listener) => {
    const fetch = await serve(listener, good, 400);
    const since = performance.now();
    expect(await fetch(host, ['127.0.0.1'])).toMatchObject({ kind: 'unreachable' });
    expect(performance.now() - since).toBeLessThan(15_000);
  });

  test('a closed port, no address', async () => {
    const fetch = policyFetch({ port: 1, within: 500 });
    expect(await fetch(host, ['127.0.0.1'])).toMatchObject({ kind: 'unreachable' });
    expect(await fetch(host, [])).toMatchObject({ kind: 'unreachable' });
  });

  test('a name that no URL can have', async () => {
    const fetch = policyFetch({ within: 500 });
    expect(await fetch('mta-sts.example.123', ['127.0.0.1'])).toMatchObject({ kind: 'unreachable' });
  });

  test('a server without TLS', async () => {
    const server = createServer(answering).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const fetch = policyFetch({ port: (server.address() as AddressInfo).port, within: 500 });
    expect(await fetch(host, ['127.0.0.1'])).toMatchObject({ kind: 'unreachable' });
  });
});
