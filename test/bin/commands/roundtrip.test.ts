import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { roundtripJsonSchema, roundtripSchema } from '../../../docs/roundtrip-schema.ts';
import { type ImapServer, LOGIN, serveImap } from '../../trip-run/imap-server.ts';
import { type MailRoute, openMailRoute } from '../../trip-run/mail-route.ts';
import { inProcess } from '../cli.ts';

let imap: ImapServer;
let route: MailRoute;

beforeEach(async () => {
  imap = await serveImap();
  route = await openMailRoute(imap);
  vi.stubEnv('IMAP_PASSWORD', LOGIN.password);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await route.close();
  await imap.close();
});

function roundtrip(...args: readonly string[]) {
  const send = [
    '--via',
    `127.0.0.1:${route.port}`,
    '--security',
    'none',
    '--from',
    'a@example.com',
    '--to',
    'seed@example.net',
  ];
  const receive = ['--imap', `127.0.0.1:${imap.port}`, '--mailbox-security', 'none', '--mailbox-user', LOGIN.user];
  return inProcess(['roundtrip', ...send, ...receive, '--mailbox-password-env', 'IMAP_PASSWORD', ...args]);
}

const HOPS = [
  'Received: from relay.example.net (relay.example.net [192.0.2.7]) by store.example.net with LMTP id 7Yz; DATE9',
  'Received: from probe.example.com (probe.example.com [192.0.2.1]) by mx.example.net with ESMTPS id 4XyZ123; DATE2',
];

function hops(): readonly string[] {
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString().replace('GMT', '+0000');
  return HOPS.map((field) => field.replace('DATE9', at(0)).replace('DATE2', at(-1)));
}

test('a trip is shown hop by hop, and its message is removed', async () => {
  route.behaviour = { fields: hops() };
  const { code, stdout, stderr } = await roundtrip();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/pass {2}in the mailbox after [\d.]+ s/);
  expect(stdout).toMatch(/sent +[\d.]+ ms/);
  expect(stdout).toMatch(/mx\.example\.net +.*ESMTPS, took our message/);
  expect(stdout).toMatch(/store\.example\.net .*LMTP/);
  expect(stdout).toMatch(/queue id +4XyZ123/);
  expect(imap.folders.INBOX).toEqual([]);
});

test('JSON is as its schema says', async () => {
  route.behaviour = { fields: hops() };
  const { code, stdout } = await roundtrip('--json');
  const document: unknown = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(roundtripSchema.parse(document)).toMatchObject({
    ...{ version: 1, trip: 'command', outcome: 'pass', findings: [{ code: 'arrived' }], alterations: [] },
    send: { outcome: 'accepted', queueId: '4XyZ123' },
    receive: { folder: 'inbox', copies: 1, failure: null },
    hops: [{ host: 'mx.example.net', acceptedByUs: true }, { host: 'store.example.net' }],
  });
  expect(stdout).not.toContain(LOGIN.password);
});

test('the schema that is shipped is that of the source', () => {
  const shipped = readFileSync(new URL('../../../smtp-quorum-roundtrip.schema.json', import.meta.url), 'utf8');
  expect(shipped, 'run `npx tsx docs/roundtrip-schema.ts`').toBe(roundtripJsonSchema());
});

describe('exit codes are those of the probe', () => {
  test('2 for what is in the junk folder', async () => {
    route.behaviour = { folders: ['Junk'] };
    const { code, stdout } = await roundtrip();
    expect(code).toBe(2);
    expect(stdout).toContain('junked: in junk, expected in inbox');
  });

  test('2 for a refusal, with the phase and the transcript', async () => {
    route.behaviour = { refuse: { code: 554, text: '5.7.1 no' } };
    const { code, stdout } = await roundtrip();
    expect(code).toBe(2);
    expect(stdout).toContain('not-accepted: phase data: 554 5.7.1 no');
    expect(stdout).toContain('C: DATA');
  });

  test('2 for what does not arrive', async () => {
    route.behaviour = { folders: [] };
    const { code, stdout } = await roundtrip('--within', '1s');
    expect(code).toBe(2);
    expect(stdout).toContain('not-arrived');
  });

  test('3 for a mailbox that cannot be read', async () => {
    imap.isDown = true;
    const { code, stdout } = await roundtrip('--within', '1s');
    expect(code).toBe(3);
    expect(stdout).toContain('receiver-unreachable');
    expect(stdout).toContain('greeting-refused');
  });
});

test('--keep leaves the message', async () => {
  expect((await roundtrip('--keep')).code).toBe(0);
  expect(imap.folders.INBOX).toHaveLength(1);
});

test.each([
  ['{"refreshToken":"x"}', 'a secret with a refresh token needs `tokenEndpoint` and `clientId`'],
  ['two\nlines', 'the secret is empty, or has control characters'],
])('a secret of the mailbox that could not be sent is told before anything is sent: %j', async (secret, words) => {
  vi.stubEnv('IMAP_PASSWORD', secret);
  const { code, stderr } = await roundtrip();
  expect(stderr).toContain(`--mailbox-password-env: ${words}`);
  expect(code).toBe(3);
  expect(route.accepted).toEqual([]);
});

const MISTAKES: readonly (readonly [readonly string[], RegExp])[] = [
  [['roundtrip'], /needs the id of a round trip of the config, or --via, --from and --to/],
  [
    ['roundtrip', 'out', '--config', 'examples/smtp-quorum.yaml'],
    /has no round trip 'out'; it has out-to-gmail, out-to-microsoft/,
  ],
  [
    ['roundtrip', '--via', 'mx.example.com', '--from', 'a', '--to', 'b@example.com', '--imap', 'h'],
    /--from: 'a' is not a plain e-mail address/,
  ],
  [
    ['roundtrip', '--via', 'mx.example.com', '--from', 'a@example.com', '--to', 'b@example.com'],
    /one of --imap and --pop3/,
  ],
  [
    [
      'roundtrip',
      '--via',
      'mx.example.com',
      '--from',
      'a@example.com',
      '--to',
      'b@example.com',
      '--imap',
      'h',
      '--mailbox-password-env',
      'NOT_SET',
    ],
    /variable NOT_SET is not set/,
  ],
];

test.each(MISTAKES)('%s', async (args, words) => {
  const { code, stderr } = await inProcess(args);
  expect(code).toBe(3);
  expect(stderr).toMatch(words);
});
