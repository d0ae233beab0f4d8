import { describe, expect, test } from 'vitest';
import { parseConfig, type ReadFile } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';

const PEM = '-----BEGIN CERTIFICATE-----\n';
const readPem: ReadFile = (path) => `${PEM}${path}`;

const TARGETS = `targets:
  - { id: submission, host: smtp.example.com, port: 587, family: each, auth: { user: probe@example.com, password: { env: SMTP_PASSWORD } } }
  - { id: inbound, domain: example.com }
`;

const SEND = '{ via: submission, from: canary@example.com, to: seed@example.net }';
const RECEIVE = '{ host: imap.example.net, auth: { user: seed, password: { env: IMAP_PASSWORD } } }';

/** A round trip, with other lines in the place of those of its keys. */
function written(changed: Readonly<Record<string, string>> = {}, targets = TARGETS): string {
  const keys = { id: 'out', send: SEND, receive: RECEIVE, key: '{ env: TRIP_KEY }', ...changed };
  const lines = Object.entries(keys).map(([key, value]) => `    ${key}: ${value}`);
  return `${targets}roundTrips:\n  -\n${lines.join('\n')}\n`;
}

function parsed(text: string) {
  const result = parseConfig(text, 'smtp-quorum.yaml', readPem);
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return result.config;
}

function problems(text: string): string {
  const result = parseConfig(text, 'smtp-quorum.yaml', readPem);
  return result.ok ? '' : formatProblems(result.problems);
}

describe('a round trip', () => {
  test('has the server of its target, and defaults', () => {
    expect(parsed(written()).roundTrips).toEqual([
      {
        id: 'out',
        every: 600_000,
        send: {
          via: 'submission',
          server: {
            host: 'smtp.example.com',
            port: 587,
            security: 'starttls',
            helo: 'auto',
            family: 'any',
            insecure: false,
            timeout: 20_000,
            auth: { user: 'probe@example.com', password: { env: 'SMTP_PASSWORD' } },
          },
          from: 'canary@example.com',
          to: 'seed@example.net',
          attachment: 1_000,
        },
        receive: {
          protocol: 'imap',
          host: 'imap.example.net',
          port: 993,
          security: 'tls',
          insecure: false,
          auth: { user: 'seed', password: { env: 'IMAP_PASSWORD' } },
          junk: true,
        },
        within: { warn: 60_000, fail: 300_000 },
        expect: { folder: 'inbox' },
        keep: 0,
        perDay: 300,
        authservId: null,
        key: { env: 'TRIP_KEY' },
      },
    ]);
  });

  test('has a server and authorities of its own', () => {
    const send =
      '{ host: mx.example.net, port: 25, ca: smtp.pem, from: canary@example.com, to: seed@example.net, attachment: 0 }';
    const receive =
      '{ protocol: pop3, host: pop.example.net, ca: pop.pem, auth: { user: seed, password: { secret: pop } } }';
    const [trip] = parsed(written({ send, receive })).roundTrips ?? [];
    expect(trip?.send).toMatchObject({
      via: null,
      attachment: 0,
      server: { host: 'mx.example.net', port: 25, security: 'starttls', ca: `${PEM}smtp.pem` },
    });
    expect(trip?.receive).toMatchObject({
      protocol: 'pop3',
      port: 995,
      security: 'tls',
      junk: false,
      ca: `${PEM}pop.pem`,
    });
  });

  test('is none in a config without', () => {
    expect(parsed(TARGETS)).not.toHaveProperty('roundTrips');
    expect(parsed(`${TARGETS}roundTrips: []\n`)).not.toHaveProperty('roundTrips');
  });
});

const FROM_TO = 'from: canary@example.com, to: seed@example.net';
const MISTAKES: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['an unknown target', { send: `{ via: submision, ${FROM_TO} }` }, 'is not the id of a target'],
  ['a similar target', { send: `{ via: submision, ${FROM_TO} }` }, 'did you mean `submission`?'],
  ['a target with a domain', { send: `{ via: inbound, ${FROM_TO} }` }, 'is a target with a `domain`'],
  [
    'via and host',
    { send: `{ via: submission, host: mx.example.com, ${FROM_TO} }` },
    'give exactly one of `via` and `host`',
  ],
  ['neither via nor host', { send: `{ ${FROM_TO} }` }, 'must have one of `via` and `host`'],
  ['a port beside via', { send: `{ via: submission, port: 25, ${FROM_TO} }` }, 'the target has it'],
  [
    'a sender with a name',
    { send: '{ via: submission, from: "A <a@example.com>", to: b@example.com }' },
    'is not a plain e-mail address',
  ],
  [
    'a line end in a recipient',
    { send: '{ via: submission, from: a@example.com, to: "b@example.com\\r\\nX: y" }' },
    'is not a plain e-mail address',
  ],
  ['a short time', { every: '1s' }, 'must be from `1m` to `1d`'],
  ['more messages than a day may have', { every: '1m' }, 'sends 1440 messages a day, more than `perDay`, which is 300'],
  ['warn after fail', { within: '{ warn: 10m, fail: 5m }' }, 'must not be longer than `fail`'],
  ['days to arrive', { within: '{ fail: 3d }' }, 'must be from `1s` to `1d`'],
  ['a result without its author', { expect: '{ dkim: pass }' }, 'needs `authservId`'],
  [
    'junk by POP3',
    { receive: RECEIVE.replace('{ host', '{ protocol: pop3, host'), expect: '{ folder: junk }' },
    'is not visible by POP3',
  ],
  ['two places of the key', { key: '{ env: A, secret: b }' }, 'give exactly one of `secret` and `env`'],
  ['no login', { receive: '{ host: imap.example.net, auth: { user: seed } }' }, 'password'],
];

test.each(MISTAKES)('%s is a mistake', (_, changed, words) => {
  expect(problems(written(changed))).toContain(words);
});

test('an id is given once', () => {
  const two = `${written()}${written().split('roundTrips:\n')[1]}`;
  expect(problems(two)).toContain('"out" is already the id of roundTrips[0]');
});

const SECRETS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['the key', { key: 'hunter2hunter2' }],
  [
    'the password of the mailbox',
    { receive: '{ host: imap.example.net, auth: { user: seed, password: hunter2hunter2 } }' },
  ],
  ['a login in one word', { receive: '{ host: imap.example.net, auth: seed:hunter2hunter2 }' }],
];

test.each(SECRETS)('a message about %s does not show it', (_, changed) => {
  const said = problems(written(changed));
  expect(said).not.toBe('');
  expect(said).not.toContain('hunter2');
});
