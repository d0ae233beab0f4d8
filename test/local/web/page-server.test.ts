import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { type PageServer, type PageServerOptions, servePages } from '../../../local/web/page-server.ts';

const files = new Map([['index.html', { type: 'text/html; charset=utf-8', body: '<!doctype html>hello' }]]);
let server: PageServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function open(published = files, host = '127.0.0.1', idle?: number): Promise<PageServer> {
  server = await servePages({ host, port: 0 }, idle === undefined ? {} : { idle });
  server.publish(published);
  return server;
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

function ask(
  url: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString('latin1'),
        }),
      );
    });
    sent.on('error', reject).end();
  });
}

test('the first page, with a policy that lets nothing else in', async () => {
  const { url } = await open();
  for (const path of ['', '/', '/index.html', '/index.html?x=1']) {
    const { status, headers, body } = await ask(url + path);
    expect([status, body]).toEqual([200, '<!doctype html>hello']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
  }
});

test.each([
  [true, 'cross-origin'],
  [false, 'same-origin'],
])('other sites may show badges only of a public page: %s', async (isPublic, policy) => {
  server = await servePages({ host: '127.0.0.1', port: 0 }, { isPublic });
  server.publish(files);
  expect((await ask(server.url)).headers['cross-origin-resource-policy']).toBe(policy);
});

/** A script of another site that makes a browser ask for a page of this machine names an address of it, or a name of that site. */
test.each<[string, PageServerOptions, string, string | undefined]>([
  ['a public page, by its name', { isPublic: true, domain: 'status.example.com' }, 'status.example.com', '*'],
  ['its name with a port', { isPublic: true, domain: 'status.example.com' }, 'STATUS.example.com:443', '*'],
  ['a public page, by the address', { isPublic: true, domain: 'status.example.com' }, '127.0.0.1:8080', undefined],
  ['a public page, as localhost', { isPublic: true, domain: 'status.example.com' }, 'localhost', undefined],
  ['a public page without a name', { isPublic: true }, '127.0.0.1', undefined],
  ['a page that is not public', { domain: 'status.example.com' }, 'status.example.com', undefined],
  ['a page of the machine', {}, '127.0.0.1', undefined],
  ['a name that leads here', { isPublic: true, domain: 'status.example.com' }, 'evil.example', undefined],
])('scripts of other sites read only a public page by its name: %s', async (_, options, host, allowed) => {
  server = await servePages({ host: '127.0.0.1', port: 0 }, options);
  server.publish(files);
  const { headers } = await ask(server.url, { headers: { host, origin: 'https://other.example' } });
  expect(headers['access-control-allow-origin']).toBe(allowed);
  expect(headers).not.toHaveProperty('access-control-allow-credentials');
});

test('what has not changed is not sent again', async () => {
  const { url } = await open();
  const { headers } = await ask(url);
  const again = await ask(url, { headers: { 'if-none-match': String(headers.etag) } });
  expect([again.status, again.body]).toEqual([304, '']);
  expect(await ask(url, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
});

test('a picture keeps its policy when it has not changed: a browser takes the headers of the answer (RFC 9111, 4.3.4)', async () => {
  const { url } = await open(new Map([['logo.svg', { type: 'image/svg+xml', body: '<svg/>' }]]));
  const { headers } = await ask(`${url}/logo.svg`);
  const again = await ask(`${url}/logo.svg`, { headers: { 'if-none-match': String(headers.etag) } });
  expect([again.status, again.headers['content-security-policy']]).toEqual([304, headers['content-security-policy']]);
  expect(headers['content-security-policy']).toContain('sandbox');
});

test.each<[string, (etag: string) => string, number]>([
  ['as it is', (etag) => etag, 304],
  ['strong, as a proxy may have made it', (etag) => etag.replace('W/', ''), 304],
  ['among others', (etag) => `"a", W/"b,c" ,${etag}`, 304],
  ['any', () => ' * ', 304],
  ['others', () => 'W/"a", "*"', 200],
  ['without quotation marks', (etag) => etag.replaceAll('"', ''), 200],
  ['none', () => '', 200],
  ['many quotation marks', () => '"'.repeat(12_000), 200],
])('a tag that the client has: %s', async (_, known, status) => {
  const { url } = await open();
  const { headers } = await ask(url);
  const again = await ask(url, { headers: { 'if-none-match': known(String(headers.etag)) } });
  expect([again.status, again.body]).toEqual([status, status === 304 ? '' : '<!doctype html>hello']);
});

test('a method that is not served is told which are (RFC 9110, 15.5.6)', async () => {
  const { url } = await open();
  for (const method of ['POST', 'OPTIONS', 'PUT', 'TRACE', 'DELETE'])
    expect(await ask(url, { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
});

const long = new Map([['index.html', { type: 'text/html; charset=utf-8', body: 'hello '.repeat(10_000) }]]);

test.each([
  ['gzip, deflate, br', 'gzip'],
  ['GZIP;q=0.5', 'gzip'],
  ['gzip ; q=1.0', 'gzip'],
  ['gzip;q=0', undefined],
  ['gzip;q=0.00, br', undefined],
  ['x-gzip', undefined],
  ['br', undefined],
  ['', undefined],
])('compressed for who takes %s', async (accepted, coding) => {
  const { url } = await open(long);
  const headers = { 'accept-encoding': accepted };
  const sent = await ask(url, { headers });
  expect([sent.status, sent.headers['content-encoding'], sent.headers.vary]).toEqual([200, coding, 'accept-encoding']);
  const octets = Buffer.from(sent.body, 'latin1');
  if (coding !== undefined) expect(octets.length).toBeLessThan(1_000);
  expect((coding === undefined ? octets : gunzipSync(octets)).toString()).toBe('hello '.repeat(10_000));
  // The same file in another coding has the same tag.
  const again = await ask(url, { headers: { 'if-none-match': String(sent.headers.etag) } });
  expect(again.status).toBe(304);
});

test('a new publication is compressed anew, and a small file is not', async () => {
  const { url, publish } = await open(long);
  const headers = { 'accept-encoding': 'gzip' };
  const first = await ask(url, { headers });
  publish(new Map([['index.html', { type: 'text/html', body: 'other '.repeat(10_000) }]]));
  const second = await ask(url, { headers });
  expect(gunzipSync(Buffer.from(second.body, 'latin1')).toString()).toBe('other '.repeat(10_000));
  expect(second.headers.etag).not.toBe(first.headers.etag);
  publish(files);
  expect(await ask(url, { headers })).toMatchObject({ status: 200, body: '<!doctype html>hello' });
});

test.each([
  ['a name that leads here', '/', { headers: { host: 'evil.example' } }, 421],
  ['a name with the port', '/', { headers: { host: 'evil.example:8080' } }, 421],
  ['localhost', '/', { headers: { host: 'localhost:8080' } }, 200],
  ['another method', '/', { method: 'POST' }, 405],
  ['a file that is not there', '/../etc/passwd', {}, 404],
  ['a path that cannot be decoded', '/%E0%A4%A', {}, 404],
])('%s', async (_, path, given, expected) => {
  const { url } = await open();
  expect((await ask(url + path, given)).status).toBe(expected);
});

/** What the server answers to exactly these octets. */
async function askRaw(url: string, sent: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(sent);
  await closed;
  return Buffer.concat(parts).toString('latin1');
}

test.each<[string, string, number, string]>([
  ['http://localhost/metrics', 'localhost', 200, 'figures'],
  ['http://localhost:8080/metrics?x=1', 'evil.example', 200, 'figures'],
  ['HTTP://LOCALHOST', 'localhost', 200, 'hello'],
  ['http://localhost?x=1', 'localhost', 200, 'hello'],
  ['http://evil.example/metrics', 'localhost', 421, 'this machine only'],
  ['http://localhost@evil.example/', 'localhost', 421, 'this machine only'],
  ['http://localhost/targets/none.html', 'localhost', 404, 'Not found'],
  ['*', 'localhost', 404, 'Not found'],
  ['/metrics', 'localhost.', 200, 'figures'],
  ['/metrics', 'LOCALHOST.:8080', 200, 'figures'],
  ['/metrics', 'Status.Example.com.', 200, 'figures'],
  ['/metrics', '[0:0:0:0:0:0:0:1]:1', 200, 'figures'],
  ['/metrics', '127.0.0.1:99999', 421, 'this machine only'],
  ['/metrics', 'user@localhost', 421, 'this machine only'],
  ['/metrics', 'localhost.evil.example', 421, 'this machine only'],
  ['/metrics', '.', 421, 'this machine only'],
  ['/metrics', '', 421, 'this machine only'],
])('a request for %s of host %j', async (target, host, status, body) => {
  server = await servePages({ host: '127.0.0.1', port: 0 }, { domain: 'status.example.com' });
  server.publish(new Map([...files, ['metrics', { type: 'text/plain', body: 'figures' }]]));
  const answer = await askRaw(server.url, `GET ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toContain(body);
});

test.each([
  ['127.0.0.1', 421],
  ['0.0.0.0', 200],
])('a check of HTTP/1.0 names no host: at %s', async (address, status) => {
  const { url } = await open(files, address);
  expect(await askRaw(url, 'GET / HTTP/1.0\r\n\r\n')).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test('before the first round there is nothing to show', async () => {
  const { url } = await open(new Map());
  expect(await ask(url)).toMatchObject({ status: 503, body: 'No round has ended yet.\n' });
});

test.each([
  ['::1', 'localhost:1', 200],
  ['::1', '[::1]', 200],
  ['0:0:0:0:0:0:0:1', '[::1]:1', 200],
  ['::1', 'evil.example', 421],
  ['0:0:0:0:0:0:0:0', 'monitor.example', 200],
  ['::', '[2001:db8::1]:1', 200],
])('at %s, asked as %s', async (address, host, expected) => {
  const { url } = await open(files, address);
  const at = url.replace('[::]', '[::1]');
  expect(at).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await ask(at, { headers: { host } })).status).toBe(expected);
});

const large = new Map([['index.html', { type: 'text/html', body: 'x'.repeat(50_000_000) }]]);

/** A client that sends this, and never reads. */
async function hangingClient(url: string, sent: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.pause().on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  if (sent !== '') await new Promise((resolve) => socket.write(sent, resolve));
  return socket;
}

const REQUEST = 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n';
const HANGING = ['', 'GET / HT', 'GET / HTTP/1.1\r\nhost: localhost\r\n', REQUEST] as const;

test('clients that hang do not hold up the end of the monitor, nor other clients', async () => {
  const { url, close } = await open(large);
  const clients = await Promise.all(HANGING.map((sent) => hangingClient(url, sent)));
  expect((await ask(url, { method: 'HEAD' })).status).toBe(200);
  const started = performance.now();
  await close();
  // Their requests and connections end by themselves after ten seconds at the earliest.
  expect(performance.now() - started).toBeLessThan(9_500);
  server = null;
  for (const client of clients) client.destroy();
});

/** Resolves when the server has closed its end of a connection that is made from now on. The client need not read to see it. */
function nextClosed(): Promise<void> {
  return new Promise((resolve) => {
    const channel = 'http.server.request.start';
    const onRequest = (message: unknown) => {
      unsubscribe(channel, onRequest);
      (message as { readonly socket: Socket }).socket.once('close', () => resolve());
    };
    subscribe(channel, onRequest);
  });
}

test('a client that does not read what it asked for loses its connection', async () => {
  const { url } = await open(large, '127.0.0.1', 1_000);
  // Calculates the tag of the file: under load that takes longer than a connection may be idle.
  await ask(url, { method: 'HEAD' });
  const closed = nextClosed();
  const client = await hangingClient(url, REQUEST);
  await closed;
  const ended = new Promise<number>((resolve) => client.once('close', () => resolve(client.bytesRead)));
  client.resume();
  expect(await ended).toBeLessThan(50_000_000);
});

test('clients that do not read share the octets of a file', async () => {
  const { url } = await open(new Map([['index.html', { type: 'text/html', body: 'ü'.repeat(5_000_000) }]]));
  await ask(url, { method: 'HEAD' });
  const before = process.memoryUsage().rss;
  const clients: Socket[] = [];
  for (let nth = 0; nth < 40; nth++) clients.push(await hangingClient(url, REQUEST));
  // Answered after those, on a connection of its own.
  await ask(url, { method: 'HEAD' });
  // A copy for each would be 400 MB.
  expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  for (const client of clients) client.destroy();
});

test('a flood of connections without a request locks nobody out', async () => {
  const { url } = await open();
  const clients: Socket[] = [];
  for (let nth = 0; nth < 150; nth++) clients.push(await hangingClient(url, nth % 2 === 0 ? '' : 'GET / HT'));
  const started = performance.now();
  for (let nth = 0; nth < 5; nth++) expect((await ask(url)).status).toBe(200);
  // By themselves, connections without a request end after ten seconds at the earliest.
  expect(performance.now() - started).toBeLessThan(9_500);
  for (const client of clients) client.destroy();
});

test('a flood takes nothing from those who are being answered', async () => {
  const { url } = await open(new Map([['index.html', { type: 'text/html', body: 'x'.repeat(5_000_000) }]]));
  const slow = await hangingClient(url, 'GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  // Answered after that one.
  await ask(url, { method: 'HEAD' });
  const clients: Socket[] = [];
  for (let nth = 0; nth < 150; nth++) clients.push(await hangingClient(url, ''));
  const ended = new Promise<number>((resolve) => slow.once('close', () => resolve(slow.bytesRead)));
  slow.resume();
  expect(await ended).toBeGreaterThan(5_000_000);
  for (const client of clients) client.destroy();
});

test('a port that is taken is an error', async () => {
  const { url } = await open();
  await expect(servePages({ host: '127.0.0.1', port: Number(new URL(url).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
