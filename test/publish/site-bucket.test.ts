/** What a publication does when the bucket answers otherwise than with 200. The server here answers as S3 does. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { siteBucket } from '../../lambda/publish/site-bucket.ts';
import { siteFile } from '../../web/site-file.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let asked: Asked[];
let answer: (request: Asked, response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    const octets: Buffer[] = [];
    for await (const part of request) octets.push(part as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    const { method = '', headers } = request;
    const one = { method, path: pathname, query: searchParams, headers, body: Buffer.concat(octets).toString() };
    asked.push(one);
    answer(one, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL_S3', undefined);
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const open = () => siteBucket('page', 'us-east-1');
const xml = (response: ServerResponse, status: number, text: string) =>
  void response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${text}`);
const refuse = (response: ServerResponse, status: number, code: string) =>
  xml(response, status, `<Error><Code>${code}</Code><Message>no</Message></Error>`);

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
test.each([
  ['another one is there already, or in its place', 412, 'PreconditionFailed'],
  ['another write was under way', 409, 'ConditionalRequestConflict'],
  ['it was removed meanwhile', 404, 'NoSuchKey'],
])('the manifest is not written if %s: %i', async (_, status, code) => {
  answer = (__, response) => refuse(response, status, code);
  expect(await open().writeManifest('{}', '"1"')).toBeNull();
  expect(await open().writeManifest('{}', null)).toBeNull();
  // Not again: the publication has to read the history anew before.
  expect(asked).toHaveLength(2);
});

test.each([
  ['without a permission', 403, 'AccessDenied'],
  ['without a bucket', 404, 'NoSuchBucket'],
])(
  '%s, calls fail: it is no other publication that was first, and no manifest that is not there',
  async (_, status, code) => {
    answer = (__, response) => refuse(response, status, code);
    const store = open();
    await expect(store.writeManifest('{}', null)).rejects.toMatchObject({ name: code });
    await expect(store.manifest()).rejects.toMatchObject({ name: code });
    await expect(store.put('index.html', siteFile('html', 'x'))).rejects.toMatchObject({ name: code });
    await expect(store.paths()).rejects.toMatchObject({ name: code });
  },
);

test('a manifest is written where there is none, or in place of the one that was read, and its tag is that of the next', async () => {
  answer = (_, response) => void response.writeHead(200, { etag: `"${asked.length}"` }).end();
  const store = open();
  const first = await store.writeManifest('{"a":1}', null);
  const second = await store.writeManifest('{"a":2}', first);
  expect([first, second]).toEqual(['"1"', '"2"']);
  expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['PUT', '/page/manifest.json', '{"a":1}'],
    ['PUT', '/page/manifest.json', '{"a":2}'],
  ]);
  expect(asked.map(({ headers }) => [headers['if-none-match'], headers['if-match']])).toEqual([
    ['*', undefined],
    [undefined, '"1"'],
  ]);
});

test('the manifest that is there has its tag; without one there is none', async () => {
  answer = (_, response) => void response.writeHead(200, { etag: '"7"' }).end('{}');
  expect(await open().manifest()).toEqual({ text: '{}', tag: '"7"' });
  answer = (_, response) => refuse(response, 404, 'NoSuchKey');
  expect(await open().manifest()).toBeNull();
});

test('a listing of several pages has all files of the page, and nothing beside it', async () => {
  const keys = ['site/index.html', 'site/targets/mx1.html', 'sites/x', 'site/data/mx1/day/2026-11-01.json', 'site/a'];
  answer = ({ query }, response) => {
    const from = Number(query.get('continuation-token') ?? 0);
    const page = keys.slice(from, from + 2).map((key) => `<Contents><Key>${key}</Key></Contents>`);
    const next = from + 2;
    const more =
      next < keys.length
        ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`
        : '<IsTruncated>false</IsTruncated>';
    xml(response, 200, `<ListBucketResult>${page.join('')}${more}</ListBucketResult>`);
  };
  expect(await open().paths()).toEqual(['index.html', 'targets/mx1.html', 'data/mx1/day/2026-11-01.json', 'a']);
  expect(asked.map(({ path, query }) => [path, query.get('prefix'), query.get('continuation-token')])).toEqual([
    ['/page/', 'site', null],
    ['/page/', 'site', '2'],
    ['/page/', 'site', '4'],
  ]);
});

test('a bucket without a file of the page has an empty listing', async () => {
  answer = (_, response) => xml(response, 200, '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>');
  expect(await open().paths()).toEqual([]);
});

test('a file is written with its type and for how long it is kept; one that is busy is asked again', async () => {
  answer = (_, response) => (asked.length === 1 ? refuse(response, 503, 'SlowDown') : void response.end());
  await open().put('logo.png', { type: 'image/png', body: 'AAE=', isBase64: true });
  expect(asked).toHaveLength(2);
  const [, { headers, path } = { headers: {}, path: '' }] = asked;
  expect([path, headers['content-type'], headers['cache-control'], headers['content-length']]).toEqual([
    '/page/site/logo.png',
    'image/png',
    'max-age=30, stale-if-error=86400',
    '2',
  ]);
});
