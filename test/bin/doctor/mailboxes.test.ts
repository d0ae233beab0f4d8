import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import type { NamedCheckResult } from '../../../bin/doctor/check-result.ts';
import { loadConfig } from '../../../lambda/config/load.ts';
import type { MailboxDiagnosis } from '../../../lambda/mailbox-check/diagnose-mailboxes.ts';
import { releaseOf } from '../../../lib/deployment/release.ts';
import { LOGIN, serveImap } from '../../trip-run/imap-server.ts';
import { inProcess } from '../cli.ts';
import { type Answers, mockAws, probeAnswers } from './aws-answers.ts';
import { doctor, folder, readable, remove, stack, YAML } from './healthy-account.ts';

const receive = (host: string, more = '') =>
  `receive: { host: ${host}, ${more}auth: { user: seed, password: { secret: trips/seed } } }`;
const send = 'send: { via: submission, from: a@example.com, to: b@example.net }';
const file = path.join(folder, 'mailboxes.yaml');
writeFileSync(
  file,
  `${YAML}roundTrips:
  - { id: out, ${send}, ${receive('imap.example.net')}, key: { secret: trips/key } }
  - { id: pop, ${send}, ${receive('pop.example.net', 'protocol: pop3, ')}, key: { secret: trips/key } }
bounces: { sources: [{ mailbox: { host: imap.example.com, port: 143, user: b, password: { secret: bounces/b } } }] }
`,
);
const parsed = loadConfig(file);
if (!parsed.ok) throw new Error('the config of the test is not valid');
const release = releaseOf(parsed.config);
afterEach(() => vi.restoreAllMocks());
afterAll(remove);

type Answered = Pick<MailboxDiagnosis, 'mailboxes' | 'secrets'>;

const trips: Answered = {
  mailboxes: [
    { protocol: 'imap', host: 'imap.example.net', port: 993, phase: null, detail: null },
    { protocol: 'pop3', host: 'pop.example.net', port: 995, phase: null, detail: null },
  ],
  secrets: [
    { secret: 'trips/key', error: null },
    { secret: 'trips/seed', error: null },
  ],
};
const bounces: Answered = {
  mailboxes: [{ protocol: 'imap', host: 'imap.example.com', port: 143, phase: null, detail: null }],
  secrets: [{ secret: 'bounces/b', error: null }],
};

function answers(of: (name: string, region: string) => object | Error): Answers {
  const probe = probeAnswers(() => null, readable);
  return {
    DescribeStacksCommand: ({ StackName }) => {
      if (/^mailwatch-(?:home|probe-us-east-1|probe-eu-west-1)$/.test(String(StackName)))
        return stack('UPDATE_COMPLETE', release);
      throw new Error(`Stack with id ${StackName} does not exist`);
    },
    InvokeCommand: (input, region) => {
      const name = String(input.FunctionName);
      if (!/-(?:trips|bounce-mailbox)$/.test(name)) return probe(input, region);
      expect(JSON.parse(String(input.Payload))).toEqual({ diagnose: 'mailboxes' });
      const answer = of(name, region);
      if (answer instanceof Error) return answer;
      return { Payload: Buffer.from(JSON.stringify({ vantage: region, ...answer })) };
    },
  };
}

const healthy = (name: string) => (name === 'mailwatch-trips' ? trips : bounces);
const OWN = /^(?:trip|bounce) (?:mailbox port \d+|secrets)$/;

async function resultsOf(of: (name: string, region: string) => object | Error): Promise<readonly NamedCheckResult[]> {
  const { checks } = await doctor(answers(of), [], file);
  return checks.filter(({ check }) => OWN.test(check));
}

const problems = (found: readonly NamedCheckResult[]) =>
  found
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ check, region, outcome }) => `${check} ${region} ${outcome}`);

describe('mailboxes of a deployment', () => {
  test('each port and the secrets, at each vantage; bounce mailboxes in the home region alone', async () => {
    const found = await resultsOf(healthy);
    expect(found.map(({ check, region, outcome }) => `${check} ${region} ${outcome}`)).toEqual([
      ...['us-east-1', 'eu-west-1'].flatMap((region) => [
        `trip mailbox port 993 ${region} pass`,
        `trip mailbox port 995 ${region} pass`,
        `trip secrets ${region} pass`,
      ]),
      'bounce mailbox port 143 us-east-1 pass',
      'bounce secrets us-east-1 pass',
    ]);
    expect(found[0]?.detail).toBe('open: imap.example.net:993, and the login succeeds');
  });

  const [imap] = trips.mailboxes;
  const withImap = (phase: string, detail: string | null): Answered => ({
    ...trips,
    mailboxes: [{ ...(imap as (typeof trips.mailboxes)[number]), phase, detail }, ...trips.mailboxes.slice(1)],
  });

  test.each<[string, Answered, string, RegExp]>([
    [
      'closed',
      withImap('connect', 'connect-timeout: no'),
      'trip mailbox port 993 eu-west-1 fail',
      /^not reached: imap/,
    ],
    [
      'unknown name',
      withImap('dns', 'dns-not-found: no'),
      'trip mailbox port 993 eu-west-1 fail',
      /^not reached: imap/,
    ],
    [
      'login',
      withImap('auth', 'auth-failed: no\x1b'),
      'trip mailbox port 993 eu-west-1 fail',
      /^reached, but not opened/,
    ],
    [
      'not tried',
      withImap('secret', null),
      'trip mailbox port 993 eu-west-1 unable',
      /^not tried without its password/,
    ],
    [
      'a secret',
      { ...trips, secrets: [{ secret: 'trips/key', error: 'AccessDenied' }] },
      'trip secrets eu-west-1 fail',
      /^not usable: trips\/key \(AccessDenied\)$/,
    ],
  ])('%s', async (_, faulty, problem, detail) => {
    const found = await resultsOf((name, region) =>
      name === 'mailwatch-trips' && region === 'eu-west-1' ? faulty : healthy(name),
    );
    expect(problems(found)).toEqual([problem]);
    const told = found.find(({ outcome }) => outcome !== 'pass');
    expect(told?.detail).toMatch(detail);
    expect(told?.detail).not.toContain('\x1b');
    expect(told?.fix).not.toBe(null);
  });

  test.each<[string, object | Error]>([
    ['a function that cannot be asked', new Error('TooManyRequestsException')],
    ['a function of another release', { vantage: 'eu-west-1', sent: [] }],
  ])('%s is unable', async (_, answer) => {
    const found = await resultsOf((name, region) =>
      name === 'mailwatch-trips' && region === 'eu-west-1' ? answer : healthy(name),
    );
    expect(problems(found)).toEqual([
      'trip mailbox port 993 eu-west-1 unable',
      'trip mailbox port 995 eu-west-1 unable',
      'trip secrets eu-west-1 unable',
    ]);
  });
});

test('on one machine it logs in to the mailboxes itself, and looks for the logs', async () => {
  mockAws({});
  const imap = await serveImap();
  const own = mkdtempSync(path.join(folder, 'own-'));
  const log = path.join(own, 'mail.log');
  writeFileSync(log, '');
  vi.stubEnv('SEED', LOGIN.password).stubEnv('TRIP_KEY', 'too short');
  const mailbox = `host: 127.0.0.1, port: ${imap.port}, security: none`;
  const local = path.join(own, 'local.yaml');
  writeFileSync(
    local,
    `vantages: [local]
targets: [{ id: mx1, host: 127.0.0.1, port: ${imap.port}, security: none }]
roundTrips:
  - id: out
    send: { via: mx1, from: a@example.com, to: b@example.net }
    receive: { ${mailbox}, auth: { user: ${LOGIN.user}, password: { env: SEED } } }
    key: { env: TRIP_KEY }
bounces:
  sources:
    - log: ${log}
    - log: ${log}.absent
    - mailbox: { ${mailbox}, user: ${LOGIN.user}, password: { env: NOT_SET_HERE } }
`,
  );
  const nowhere = path.join(own, 'nowhere');
  const { stdout } = await inProcess(['doctor', '--config', local, '--folder', nowhere, '--json']);
  vi.unstubAllEnvs();
  await imap.close();
  const { checks }: { checks: readonly NamedCheckResult[] } = JSON.parse(stdout);
  const found = checks.filter(({ check }) => OWN.test(check) || check === 'bounce log');
  expect(found.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
    `trip mailbox port ${imap.port} pass`,
    'trip secrets warn',
    `bounce mailbox port ${imap.port} unable`,
    'bounce secrets warn',
    'bounce log pass',
    'bounce log warn',
  ]);
  expect(found[1]?.detail).toContain('fewer than 16 characters');
  expect(stdout).not.toContain(LOGIN.password);
});
