/** What the judge does when the bucket of the page answers badly, or not at all. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nowWriter } from '../../../lambda/aws/page/write-now.ts';
import type { LogEntry } from '../../../lambda/ports.ts';
import type { NowDocument } from '../../../web/documents/now.ts';

const DOCUMENT: NowDocument = { at: '2026-11-26T12:00:00Z', newestRound: null, vantages: [], verdicts: { mx1: 'up' } };

let bucket: Server;
let answer: (response: ServerResponse) => void;
let requests: { readonly request: IncomingMessage; readonly body: string }[];

beforeEach(async () => {
  requests = [];
  bucket = createServer(async (request, response) => {
    const octets: Buffer[] = [];
    for await (const part of request) octets.push(part as Buffer);
    requests.push({ request, body: Buffer.concat(octets).toString() });
    answer(response);
  });
  await new Promise<void>((resolve) => bucket.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL_S3', undefined);
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  bucket.closeAllConnections();
  await new Promise((resolve) => bucket.close(resolve));
});

function openWriter() {
  const logged: unknown[] = [];
  const log = ({ facts }: LogEntry) => void logged.push(facts?.error);
  const write = nowWriter({ bucket: 'page', region: 'us-east-1' }, { log, now: () => Date.parse(DOCUMENT.at) });
  return { write, logged };
}

const taken = (response: ServerResponse) => void response.writeHead(200).end();
const refused = (response: ServerResponse, status = 403) =>
  void response.writeHead(status).end('<Error><Code>AccessDenied</Code></Error>');

test('it is one object of the page, which readers keep for less than a round', async () => {
  answer = taken;
  const { write, logged } = openWriter();
  await write(DOCUMENT);
  const [{ request, body } = { request: null, body: '' }] = requests;
  expect(request?.method).toBe('PUT');
  expect(request?.url).toBe('/page/site/now.json');
  expect(request?.headers).toMatchObject({
    'cache-control': 'max-age=10, stale-if-error=60',
    'content-type': 'application/json',
    'x-amz-security-token': 'token',
  });
  expect(body).toBe(`${JSON.stringify(DOCUMENT)}\n`);
  expect(requests).toHaveLength(1);
  expect(logged).toEqual([]);
});

test('a failure is logged once, until a write succeeds again', async () => {
  const { write, logged } = openWriter();
  answer = refused;
  for (let nth = 0; nth < 3; nth++) await write(DOCUMENT);
  expect(logged).toEqual(['HTTP 403 AccessDenied']);
  answer = taken;
  await write(DOCUMENT);
  answer = (response) => refused(response, 500);
  await write(DOCUMENT);
  expect(logged).toEqual(['HTTP 403 AccessDenied', 'HTTP 500 AccessDenied']);
  expect(requests).toHaveLength(5);
});

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  ['never answers', () => {}, /no reply in time/],
  ['begins an answer and does not end it', (response) => void response.writeHead(200).write('<'), /no reply in time/],
  ['closes the connection', (response) => void response.destroy(), /fetch failed/],
])('a bucket that %s holds the judge up for two seconds at most', async (_, badly, why) => {
  answer = badly;
  const { write, logged } = openWriter();
  const began = performance.now();
  await write(DOCUMENT);
  expect(performance.now() - began).toBeLessThan(15_000);
  // One attempt, and its limit is two seconds.
  expect(requests).toHaveLength(1);
  expect(logged).toEqual([expect.stringMatching(why)]);
});

test('without credentials nothing is sent, and nothing is thrown', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  const { write, logged } = openWriter();
  await write(DOCUMENT);
  expect(requests).toEqual([]);
  expect(logged).toEqual([expect.stringContaining('no AWS credentials')]);
});
