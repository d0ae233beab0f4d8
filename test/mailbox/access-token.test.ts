/** Token endpoints, hostile ones too: time, memory, and no secret in any text. */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import type { MailboxOptions, RefreshTokenCredentials } from '../../lambda/mailbox/session/mailbox-endpoint.ts';
import { MailboxError } from '../../lambda/mailbox/session/mailbox-report.ts';
import { type Issued, issue } from '../smtp/certificates.ts';
import { serve } from '../smtp/scripted-server.ts';
import { mailboxScript } from './scripted-mailbox.ts';

let certificate: Issued;
beforeAll(async () => {
  certificate = await issue({ names: ['127.0.0.1'] });
});

interface Outcome {
  readonly error: MailboxError | null;
  readonly heard: readonly string[];
  readonly asked: readonly string[];
  readonly report: string;
}

const TOKEN_SERVER = {
  greeting: '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready',
  AUTHENTICATE: 'TAG OK [CAPABILITY IMAP4rev1] in',
};

let visits = 0;

/** Opens a mailbox `times` times, with one refresh token. */
async function open(
  answer: RequestListener,
  options: MailboxOptions = {},
  { times = 1, authenticate = TOKEN_SERVER.AUTHENTICATE } = {},
): Promise<Outcome> {
  const asked: string[] = [];
  const issuer = createServer((request, response) => {
    response.setHeader('connection', 'close');
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      asked.push(body);
      answer(request, response);
    });
  });
  const answers = { ...TOKEN_SERVER, AUTHENTICATE: authenticate };
  const server = await serve(mailboxScript({ protocol: 'imap', answers }, certificate));
  const port = await listen(issuer);
  const endpoint = {
    protocol: 'imap',
    security: 'tls',
    host: '127.0.0.1',
    port: server.port,
    ca: certificate.pem,
  } as const;
  const credentials: RefreshTokenCredentials = {
    user: 'probe@example.com',
    refreshToken: `1//refresh-sesame-${++visits}`,
    clientId: 'client',
    clientSecret: 'client-sesame',
    scope: 'mail',
    tokenEndpoint: `http://127.0.0.1:${port}/token`,
  };
  let error: MailboxError | null = null;
  let report = '';
  for (let time = 0; time < times; time++) {
    try {
      const mailbox = await openMailbox(endpoint, credentials, options);
      await mailbox.end();
      report = JSON.stringify(mailbox.report());
    } catch (thrown) {
      if (!(thrown instanceof MailboxError)) throw thrown;
      error = thrown;
      report = JSON.stringify([thrown.failure, thrown.report, thrown.message]);
    }
  }
  issuer.closeAllConnections();
  issuer.close();
  await server.close();
  return { error, heard: server.heard, asked, report };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}

const grant =
  (token: string, lifetime: unknown = 3_600): RequestListener =>
  (_, response) =>
    void response.end(JSON.stringify({ access_token: token, expires_in: lifetime }));

test('a refresh token is changed for an access token, which is used again', async () => {
  const { error, heard, asked, report } = await open(grant('ya29.fresh-sesame'), {}, { times: 3 });
  expect(error).toBeNull();
  expect(asked).toHaveLength(1);
  expect(Object.fromEntries(new URLSearchParams(asked[0]))).toEqual({
    grant_type: 'refresh_token',
    refresh_token: expect.stringContaining('1//refresh-sesame'),
    client_id: 'client',
    client_secret: 'client-sesame',
    scope: 'mail',
  });
  const sent = heard.filter((line) => line.includes('XOAUTH2')).map((line) => line.split(' ').at(-1) ?? '');
  expect(sent).toHaveLength(3);
  expect(Buffer.from(sent[0] ?? '', 'base64').toString()).toBe(
    'user=probe@example.com\x01auth=Bearer ya29.fresh-sesame\x01\x01',
  );
  expect(report).not.toMatch(/sesame/);
});

test.each([
  ['has a minute left', 60],
  ['has no lifetime', null],
  ['has a lifetime that is no number', 'soon'],
])('a token that %s is used once', async (_, lifetime) => {
  const { asked } = await open(grant('ya29.short-sesame', lifetime), {}, { times: 2 });
  expect(asked).toHaveLength(2);
});

test('a token that the server refuses is not shown again', async () => {
  const refuse = 'TAG NO [AUTHENTICATIONFAILED] expired ya29.stale-sesame';
  const { error, asked, report } = await open(grant('ya29.stale-sesame'), {}, { times: 2, authenticate: refuse });
  expect(error?.failure).toMatchObject({ phase: 'auth', code: 'auth-rejected' });
  expect(asked).toHaveLength(2);
  expect(report).not.toMatch(/sesame/);
});

describe('no token', () => {
  const say =
    (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
    (_, response) =>
      void response.writeHead(status, headers).end(body);

  test.each<[string, RequestListener, string, RegExp]>([
    [
      'the refresh token has expired',
      say(400, '{"error":"invalid_grant","error_description":"1//refresh-sesame has\\r\\nexpired"}'),
      'token-refused',
      /HTTP 400, invalid_grant: /,
    ],
    [
      'the client is unknown',
      say(401, '{"error":"invalid_client","error_description":"client-sesame"}'),
      'token-refused',
      /HTTP 401, invalid_client: \*\*\*$/,
    ],
    ['overload', say(503, 'busy'), 'token-unavailable', /HTTP 503$/],
    ['too many requests', say(429, '{"error":"slow_down"}'), 'token-unavailable', /HTTP 429, slow_down$/],
    ['a redirect is not followed', say(302, '', { location: 'http://127.0.0.1:9/' }), 'token-unavailable', /redirect/],
    ['no JSON', say(200, '<html>welcome</html>'), 'token-malformed', /without an access token/],
    ['null', say(200, 'null'), 'token-malformed', /without an access token/],
    [
      'a token with line ends',
      say(200, '{"access_token":"a\\r\\nA2 LOGOUT"}'),
      'token-malformed',
      /without an access token/,
    ],
    [
      'a token of 40 KB',
      say(200, `{"access_token":"${'a'.repeat(40_000)}"}`),
      'token-malformed',
      /without an access token/,
    ],
    ['an answer of 1 MB', say(200, 'a'.repeat(2 ** 20)), 'token-malformed', /more than 65536 octets/],
    ['a closed connection', (_, response) => void response.destroy(), 'token-unavailable', /token endpoint: /],
    ['silence', () => {}, 'token-unavailable', /no answer within 0\.4 s/],
    [
      'a drip',
      (_, response) => void response.writeHead(200).write('{'),
      'token-unavailable',
      /no answer within 0\.4 s/,
    ],
  ])('%s', async (_, answer, code, detail) => {
    const began = performance.now();
    const limits = { token: detail.source.startsWith('no answer') ? 400 : 30_000 };
    const { error, heard, report } = await open(answer, { limits });
    expect(error?.failure).toMatchObject({ phase: 'auth', code });
    expect(error?.failure.detail).toMatch(detail);
    expect(error?.failure.detail).not.toMatch(/[\r\n]/);
    expect(report).not.toMatch(/sesame/);
    expect(heard).toEqual([]);
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  test('an endless answer costs little time', async () => {
    const endless: RequestListener = (_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('a'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    const { error } = await open(endless, { limits: { token: 30_000 } });
    expect(error?.failure.code).toBe('token-malformed');
  });

  test('an abort', async () => {
    const stop = new AbortController();
    const { error } = await open(() => stop.abort(), { signal: stop.signal });
    expect(error?.failure).toMatchObject({ phase: 'auth', code: 'aborted', outcome: 'unable' });
  });
});
