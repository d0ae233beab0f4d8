import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';

const LOCAL = 'vantages: [local]\ntargets: [{ id: mx1, host: mx1.example.net }]\n';
const AWS = 'vantages: [us-east-1]\nehloName: probe.example.com\ntargets: [{ id: mx1, host: mx1.example.net }]\n';
const MAILBOX = 'mailbox: { host: imap.example.com, user: bounces@example.com, password: { env: BOUNCES } }';

function read(text: string) {
  const parsed = parseConfig(text, 'smtp-quorum.yaml', () => '');
  return parsed.ok ? parsed.config : formatProblems(parsed.problems);
}

const policy = { warn: 0.01, fail: 0.02, atLeast: 50, complaints: 0.001 };

describe('what is watched', () => {
  test.each<[string, string, object | undefined]>([
    ['nothing by default', LOCAL, undefined],
    ['SES', `${AWS}bounces: { sources: [{ ses: true }] }`, { policy, ses: true, logs: [] }],
    ['a log', `${LOCAL}bounces: { sources: [{ log: mail.log }] }`, { policy, ses: false, logs: ['mail.log'] }],
    [
      'limits of its own',
      `${LOCAL}bounces: { warn: 0.5 %, fail: 3%, atLeast: 10, complaints: 0.05%, sources: [{ log: mail.log }] }`,
      { policy: { warn: 0.005, fail: 0.03, atLeast: 10, complaints: 0.0005 }, ses: false, logs: ['mail.log'] },
    ],
    [
      'a mailbox',
      `${LOCAL}bounces: { sources: [{ ${MAILBOX} }] }`,
      {
        policy,
        ses: false,
        logs: [],
        mailboxes: [
          {
            endpoint: {
              protocol: 'imap',
              host: 'imap.example.com',
              port: 993,
              security: 'tls',
              family: 'any',
              insecure: false,
            },
            user: 'bounces@example.com',
            password: { env: 'BOUNCES' },
            folder: 'INBOX',
            remove: false,
          },
        ],
      },
    ],
  ])('%s', (_, text, expected) => {
    const config = read(text);
    expect(typeof config === 'string' ? config : config.bounces).toEqual(expected);
  });
});

describe('the certificate of a mailbox', () => {
  const PEM = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
  const mailbox = '{ host: imap.example.com, user: b, password: { env: B }, serverName: mail.example.net, ca: ca.pem }';
  const text = `${LOCAL}bounces: { sources: [{ log: mail.log }, { mailbox: ${mailbox} }] }`;

  test('its name and its authority are those of the config', () => {
    const parsed = parseConfig(text, 'smtp-quorum.yaml', (path) => (path === 'ca.pem' ? PEM : ''));
    if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
    expect(parsed.config.bounces?.mailboxes).toMatchObject([
      { endpoint: { serverName: 'mail.example.net', ca: PEM, insecure: false } },
    ]);
  });

  test('a file without a certificate is a mistake at its place', () => {
    const parsed = parseConfig(text, 'smtp-quorum.yaml', () => 'no certificate');
    const where = { path: 'bounces.sources[1].mailbox.ca', message: 'holds no certificate in PEM form: ca.pem' };
    expect(parsed.ok ? [] : parsed.problems).toMatchObject([where]);
  });
});

describe('a mistake is told with its correction', () => {
  const source = (text: string) => `bounces: { sources: [${text}] }`;
  test.each<[string, string, string]>([
    ['SES on one machine', LOCAL + source('{ ses: true }'), 'on one machine, use `log`'],
    ['a log on AWS', AWS + source('{ log: /var/log/mail.log }'), 'needs `vantages: [local]`: one machine reads it'],
    [
      'two places of a password',
      AWS + source('{ mailbox: { host: a.example.com, user: x, password: { env: A, secret: b } } }'),
      'give exactly one of `secret` and `env`',
    ],
    [
      'no place of a password',
      AWS + source('{ mailbox: { host: a.example.com, user: x, password: {} } }'),
      'must have one of `secret` and `env`',
    ],
    ['one log twice', LOCAL + source('{ log: a }, { log: a }'), 'it would count twice'],
    [
      'two sources in one entry',
      LOCAL + source('{ ses: true, log: a }'),
      'give exactly one of `ses`, `log` and `mailbox`',
    ],
    ['no source', LOCAL + source(''), 'must name a source: `- ses: true` on AWS, or `- log: FILE` on one machine'],
    ['an empty entry', LOCAL + source('{}'), 'must have one of `ses`, `log` and `mailbox`'],
    ['a source as a word', AWS + source('ses'), 'did you mean `{ ses: true }`?'],
    ['a number', `${LOCAL}bounces: { warn: 2, sources: [{ log: a }] }`, 'did you mean `2%`?'],
    ['a share', `${LOCAL}bounces: { fail: 0.02, sources: [{ log: a }] }`, 'did you mean `2%`?'],
    ['more than all', `${LOCAL}bounces: { fail: 200%, sources: [{ log: a }] }`, 'must be above 0% and at most 100%'],
    [
      'limits the wrong way round',
      `${LOCAL}bounces: { warn: 3%, sources: [{ log: a }] }`,
      'must not be above `fail`, which is 2%',
    ],
    [
      'a password',
      LOCAL + source('{ mailbox: { host: a.example.com, user: x, password: hunter2 } }'),
      'this file never contains a password',
    ],
  ])('%s', (_, text, expected) => {
    const told = read(text);
    expect(told).toEqual(expect.stringContaining(expected));
    expect(told).not.toContain('hunter2');
  });
});
