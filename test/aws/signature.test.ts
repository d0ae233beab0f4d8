import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { signedHeaders } from '../../lambda/aws/page/signature.ts';
import { nowWriter } from '../../lambda/aws/page/write-now.ts';
import type { NowDocument } from '../../web/documents/now.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Example: PUT Object" */
test('a request is signed as in the example of AWS', () => {
  const { authorization } = signedHeaders(
    {
      method: 'PUT',
      url: new URL('https://examplebucket.s3.amazonaws.com/test%24file.text'),
      headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      body: 'Welcome to Amazon S3.',
    },
    { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    { region: 'us-east-1', service: 's3', now: Date.parse('2013-05-24T00:00:00Z') },
  );
  expect(authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  );
});

const NOW: NowDocument = { at: '2026-11-26T09:12:00Z', newestRound: null, vantages: [], verdicts: { mx1: 'up' } };

interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An endpoint that answers with this status; 0: never. */
async function endpoint(status: () => number): Promise<{ readonly received: Received[]; close(): void }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    received.push({ url: request.url ?? '', headers: request.headers, body });
    if (status() !== 0)
      response.writeHead(status()).end(status() === 200 ? '' : '<Error><Code>AccessDenied</Code></Error>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://localhost:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ENDPOINT_URL_S3', undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  return {
    received,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

afterEach(() => vi.unstubAllEnvs());

test('now.json is one signed request', async () => {
  const { received, close } = await endpoint(() => 200);
  const log = vi.fn();
  await nowWriter({ bucket: 'page', region: 'eu-west-1' }, { log, now: Date.now })(NOW);
  close();
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({ url: '/page/site/now.json', body: `${JSON.stringify(NOW)}\n` });
  expect(received[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'max-age=10, stale-if-error=60',
    'x-amz-security-token': 'token',
  });
  expect(log).not.toHaveBeenCalled();
});

test('a failure is logged once until a write succeeds, and never thrown', async () => {
  let status = 403;
  const { close } = await endpoint(() => status);
  const log = vi.fn();
  const write = nowWriter({ bucket: 'page', region: 'eu-west-1' }, { log, now: Date.now });
  for (const each of [403, 403, 200, 500]) {
    status = each;
    await write(NOW);
  }
  close();
  await write(NOW);
  expect(log.mock.calls.map(([{ facts }]) => facts.error)).toEqual(['HTTP 403 AccessDenied', 'HTTP 500 AccessDenied']);
});

test('an endpoint that does not answer costs two seconds', async () => {
  const { close } = await endpoint(() => 0);
  const log = vi.fn();
  const began = performance.now();
  await nowWriter({ bucket: 'page', region: 'eu-west-1' }, { log, now: Date.now })(NOW);
  expect(performance.now() - began).toBeLessThan(2_900);
  expect(log).toHaveBeenCalledOnce();
  close();
});

test('without credentials nothing is thrown either', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  const log = vi.fn();
  await nowWriter({ bucket: 'page', region: 'eu-west-1' }, { log, now: Date.now })(NOW);
  expect(log).toHaveBeenCalledOnce();
});
