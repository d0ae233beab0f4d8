import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Checked } from '../../bin/doctor/finding.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import { roundName } from '../../lambda/round.ts';
import { port25Form } from '../../lib/port-25.ts';
import { releaseOf } from '../../lib/release.ts';
import { type Answers, answering, denied, knocksAt, named, queried, unknownParameter } from '../doctor/aws.ts';
import { inProcess } from './cli.ts';

const YAML = `
name: mailwatch
home: us-east-1
vantages: [us-east-1, eu-west-1]
ehloName: probe.example.com
notify:
  - email: ops@example.com
  - sms: "+15555550100"
targets:
  - { id: mx1, host: mx1.example.com }
  - id: submission
    host: smtp.example.com
    port: 587
    auth: { user: probe@example.com, password: { secret: smtp/probe } }
`;

let folder: string;
let config: string;
let release: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-doctor-'));
  config = path.join(folder, 'mail.yaml');
  writeFileSync(config, YAML);
  const parsed = loadConfig(config);
  if (!parsed.ok) throw new Error('the config of the test has mistakes');
  release = releaseOf(parsed.config);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const minute = 60_000;
const readable = [{ secret: 'smtp/probe', error: null }];
const confirmed = (Protocol: string, Endpoint: string) => ({ Protocol, Endpoint, SubscriptionArn: 'arn:aws:sns:x' });
const stack = (StackStatus: string, deployed = release) => ({
  Stacks: [{ StackStatus, Outputs: [{ OutputKey: 'Release', OutputValue: deployed }] }],
});
const round = (age: number) => [{ sk: roundName(Date.now() - age, minute) }];
const owed = (age: number) => [{ sk: 'mx1', owed: [{ at: new Date(Date.now() - age).toISOString() }] }];
const rounds = (age: number) => queried((partition) => (partition === 'verdicts' ? [] : round(age)));

/** AWS where everything is in place. */
function well(): Answers {
  return {
    GetCallerIdentityCommand: () => ({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/ops' }),
    GetParameterCommand: () => ({ Parameter: { Value: '21' } }),
    DescribeStacksCommand: () => stack('UPDATE_COMPLETE'),
    DescribeStackResourcesCommand: () => ({
      StackResources: [
        { ResourceType: 'AWS::Scheduler::Schedule', PhysicalResourceId: 'tick' },
        { ResourceType: 'AWS::Lambda::Function', PhysicalResourceId: 'probe' },
      ],
    }),
    GetScheduleCommand: () => ({ State: 'ENABLED' }),
    DescribeAlarmsCommand: () => ({ MetricAlarms: [] }),
    InvokeCommand: knocksAt(() => null, readable),
    ListSubscriptionsByTopicCommand: () => ({
      Subscriptions: [confirmed('email', 'ops@example.com'), confirmed('sms', '+15555550100')],
    }),
    GetSMSSandboxAccountStatusCommand: () => ({ IsInSandbox: false }),
    GetSMSAttributesCommand: () => ({ attributes: { MonthlySpendLimit: '10' } }),
    GetMetricStatisticsCommand: () => ({ Datapoints: [{ Timestamp: new Date(), Maximum: 0.5 }] }),
    QueryCommand: rounds(minute),
  };
}

async function doctor(answers: Answers) {
  answering({ ...well(), ...answers });
  const { code, stdout, stderr } = await inProcess(['doctor', '--config', config, '--json']);
  if (stderr !== '') throw new Error(stderr);
  const { checks }: { checks: readonly Checked[] } = JSON.parse(stdout);
  return { code, checks, amiss: checks.filter(({ outcome }) => outcome !== 'pass') };
}

test('where everything is in place, every line is ok', async () => {
  const { code, checks, amiss } = await doctor({});
  expect(amiss).toEqual([]);
  expect(code).toBe(0);
  const inEach = ['bootstrap', 'alarms', 'probe stack', 'probe schedules', 'names', 'port 25', 'port 587', 'secrets'];
  for (const region of ['us-east-1', 'eu-west-1']) {
    const names = checks.filter((one) => one.region === region).map(({ check }) => check);
    expect(names).toEqual(expect.arrayContaining([...inEach, 'last round']));
  }
  const home = checks.filter((one) => one.region === 'us-east-1').map(({ check }) => check);
  expect(home).toEqual(
    expect.arrayContaining([
      'home stack',
      'alerts topic',
      'operators topic',
      'sms sandbox',
      'sms spend',
      'alerts owed',
    ]),
  );
});

/** An answer in one region, and that of a healthy AWS elsewhere. */
function inRegion(region: string, command: string, answer: () => unknown): Answers {
  return { [command]: (input, at) => (at === region ? answer() : well()[command]?.(input, at)) };
}

interface Case {
  readonly so: string;
  readonly answers: Answers;
  /** `check region outcome` of everything that is not ok. */
  readonly amiss: readonly string[];
  readonly says: RegExp;
  readonly mend: RegExp;
  readonly code: number;
}

const cases: readonly Case[] = [
  {
    so: 'a region without bootstrap',
    answers: inRegion('eu-west-1', 'GetParameterCommand', unknownParameter),
    amiss: ['bootstrap eu-west-1 fail'],
    says: /not bootstrapped/,
    mend: /npx cdk bootstrap aws:\/\/123456789012\/eu-west-1/,
    code: 2,
  },
  {
    so: 'an old bootstrap',
    answers: inRegion('eu-west-1', 'GetParameterCommand', () => ({ Parameter: { Value: '4' } })),
    amiss: ['bootstrap eu-west-1 fail'],
    says: /version 4, CDK wants 6/,
    mend: /cdk bootstrap/,
    code: 2,
  },
  {
    so: 'a stack that is not there',
    answers: inRegion('eu-west-1', 'DescribeStacksCommand', () =>
      named('ValidationError', 'Stack with id mailwatch-probe-eu-west-1 does not exist'),
    ),
    amiss: ['probe stack eu-west-1 fail'],
    says: /mailwatch-probe-eu-west-1 is not deployed/,
    mend: /npx cdk deploy mailwatch-probe-eu-west-1/,
    code: 2,
  },
  {
    so: 'a deployment that was rolled back',
    answers: inRegion('eu-west-1', 'DescribeStacksCommand', () => stack('UPDATE_ROLLBACK_COMPLETE')),
    amiss: ['probe stack eu-west-1 fail'],
    says: /UPDATE_ROLLBACK_COMPLETE/,
    mend: /events/,
    code: 2,
  },
  {
    so: 'a stack from another config',
    answers: inRegion('eu-west-1', 'DescribeStacksCommand', () => stack('UPDATE_COMPLETE', '0.0.1 000000000000')),
    amiss: ['probe stack eu-west-1 warn'],
    says: /another config or version \(0\.0\.1 000000000000/,
    mend: /npx cdk deploy mailwatch-probe-eu-west-1/,
    code: 1,
  },
  {
    so: 'a schedule that was turned off',
    answers: inRegion('eu-west-1', 'GetScheduleCommand', () => ({ State: 'DISABLED' })),
    amiss: ['probe schedules eu-west-1 fail'],
    says: /off: tick/,
    mend: /EventBridge Scheduler in eu-west-1/,
    code: 2,
  },
  {
    so: 'an alarm',
    answers: inRegion('eu-west-1', 'DescribeAlarmsCommand', () => ({
      MetricAlarms: [
        { AlarmName: 'mailwatch-vantage-silent', StateValue: 'ALARM' },
        { AlarmName: 'mailwatch-probe-errors', StateValue: 'OK' },
      ],
    })),
    amiss: ['alarms eu-west-1 fail'],
    says: /mailwatch-vantage-silent goes off/,
    mend: /docs\/runbook\.md#vantage-silent/,
    code: 2,
  },
  {
    so: 'port 25 closed',
    answers: {
      InvokeCommand: knocksAt(
        ({ port }) =>
          port === 25 ? { reached: false, code: 'connect-timeout', detail: 'no answer within 6 s' } : null,
        readable,
      ),
    },
    amiss: ['port 25 us-east-1 fail', 'port 25 eu-west-1 fail'],
    says: /closed: mx1\.example\.com:25: no answer within 6 s/,
    mend: new RegExp(port25Form.replaceAll('.', '\\.')),
    code: 2,
  },
  {
    so: 'another port closed',
    answers: {
      InvokeCommand: knocksAt(
        ({ port }) => (port === 587 ? { reached: false, code: 'connect-timeout' } : null),
        readable,
      ),
    },
    amiss: ['port 587 us-east-1 fail', 'port 587 eu-west-1 fail'],
    says: /closed: smtp\.example\.com:587/,
    mend: /are these servers up/,
    code: 2,
  },
  {
    so: 'a resolver that does not answer',
    answers: { InvokeCommand: knocksAt(() => ({ reached: false, code: 'dns-timeout' }), readable) },
    amiss: ['us-east-1', 'eu-west-1'].flatMap((region) => [
      `names ${region} fail`,
      `port 25 ${region} unable`,
      `port 587 ${region} unable`,
    ]),
    says: /resolver does not answer/,
    mend: /resolver/,
    code: 2,
  },
  {
    so: 'a secret that the probe may not read',
    answers: { InvokeCommand: knocksAt(() => null, [{ secret: 'smtp/probe', error: 'AccessDeniedException' }]) },
    amiss: ['secrets us-east-1 fail', 'secrets eu-west-1 fail'],
    says: /smtp\/probe \(AccessDeniedException\)/,
    mend: /Secrets Manager in us-east-1/,
    code: 2,
  },
  {
    so: 'a probe that fails',
    answers: {
      InvokeCommand: () => ({ FunctionError: 'Unhandled', Payload: Buffer.from('{"errorMessage":"Task timed out"}') }),
    },
    amiss: ['us-east-1', 'eu-west-1'].flatMap((region) =>
      ['names', 'port 25', 'port 587', 'secrets'].map((check) => `${check} ${region} unable`),
    ),
    says: /the probe failed: Task timed out/,
    mend: /mend what the error says/,
    code: 3,
  },
  {
    so: 'an old last round',
    answers: { QueryCommand: rounds(10 * minute) },
    amiss: ['last round us-east-1 fail', 'last round eu-west-1 fail'],
    says: /1[01] min ago: this vantage abstains/,
    mend: /docs\/runbook\.md#vantage-silent/,
    code: 2,
  },
  {
    so: 'no round yet',
    answers: { QueryCommand: queried(() => []) },
    amiss: ['last round us-east-1 warn', 'last round eu-west-1 warn'],
    says: /no round yet/,
    mend: /within two rounds/,
    code: 1,
  },
  {
    so: 'an alert that is owed too long',
    answers: { QueryCommand: queried((partition) => (partition === 'verdicts' ? owed(5 * minute) : round(minute))) },
    amiss: ['alerts owed us-east-1 fail'],
    says: /1 owed, the oldest for 30\d s/,
    mend: /docs\/runbook\.md#alert-owed/,
    code: 2,
  },
  {
    so: 'an address that has not confirmed',
    answers: {
      ListSubscriptionsByTopicCommand: () => ({
        Subscriptions: [
          { Protocol: 'email', Endpoint: 'ops@example.com', SubscriptionArn: 'PendingConfirmation' },
          confirmed('sms', '+15555550100'),
        ],
      }),
    },
    amiss: ['alerts topic us-east-1 warn', 'operators topic us-east-1 warn'],
    says: /not confirmed: ops@example\.com/,
    mend: /48 hours/,
    code: 1,
  },
  {
    so: 'nobody subscribed',
    answers: { ListSubscriptionsByTopicCommand: () => ({ Subscriptions: [] }) },
    amiss: ['alerts topic us-east-1 fail', 'operators topic us-east-1 fail'],
    says: /not subscribed: ops@example\.com, \+15555550100/,
    mend: /npx cdk deploy --all/,
    code: 2,
  },
  {
    so: 'a number in the sandbox that is not verified',
    answers: {
      GetSMSSandboxAccountStatusCommand: () => ({ IsInSandbox: true }),
      ListSMSSandboxPhoneNumbersCommand: () => ({ PhoneNumbers: [{ PhoneNumber: '+15555550100', Status: 'Pending' }] }),
    },
    amiss: ['sms sandbox us-east-1 fail'],
    says: /in the sandbox: \+15555550100 hears nothing/,
    mend: /leave the sandbox/,
    code: 2,
  },
  {
    so: 'SMS near its limit',
    answers: { GetMetricStatisticsCommand: () => ({ Datapoints: [{ Timestamp: new Date(), Maximum: 8.2 }] }) },
    amiss: ['sms spend us-east-1 warn'],
    says: /\$8\.20 of \$10/,
    mend: /docs\/runbook\.md#sms-spend/,
    code: 1,
  },
  {
    so: 'SMS at the limit that AWS sets by itself',
    answers: {
      GetSMSAttributesCommand: () => ({ attributes: {} }),
      GetMetricStatisticsCommand: () => ({ Datapoints: [{ Timestamp: new Date(), Maximum: 1 }] }),
    },
    amiss: ['sms spend us-east-1 fail'],
    says: /\$1\.00 of \$1 this month: SNS sends no more/,
    mend: /docs\/runbook\.md#sms-spend/,
    code: 2,
  },
  {
    so: 'a permission that is missing',
    answers: { DescribeAlarmsCommand: () => denied('cloudwatch:DescribeAlarms') },
    amiss: ['alarms us-east-1 unable', 'alarms eu-west-1 unable'],
    says: /you may not: cloudwatch:DescribeAlarms/,
    mend: /docs\/deploy\.md#doctor/,
    code: 3,
  },
  {
    so: 'a region that is not enabled',
    answers: inRegion('eu-west-1', 'GetParameterCommand', () =>
      named('UnrecognizedClientException', 'The security token included in the request is invalid.'),
    ),
    amiss: ['bootstrap eu-west-1 unable'],
    says: /does not know these credentials/,
    mend: /opt in/,
    code: 3,
  },
];

test.each(cases)('$so', async ({ answers, amiss, says, mend, code }) => {
  const found = await doctor(answers);
  expect(found.amiss.map(({ check, region, outcome }) => `${check} ${region} ${outcome}`)).toEqual(amiss);
  expect(found.amiss[0]?.says).toMatch(says);
  expect(found.amiss[0]?.mend).toMatch(mend);
  expect(found.code).toBe(code);
});

test.each([
  [
    'no credentials',
    named('CredentialsProviderError', 'Could not load credentials from any providers'),
    /aws configure/,
  ],
  ['expired credentials', named('ExpiredTokenException', 'The security token has expired'), /aws sso login/],
])('with %s there is one line, not one for each check', async (_, error, mend) => {
  const { code, checks } = await doctor({ GetCallerIdentityCommand: () => error });
  expect(checks).toMatchObject([{ check: 'account', outcome: 'unable', mend: expect.stringMatching(mend) }]);
  expect(code).toBe(3);
});

test('as a person reads it: a line each, and what to do beneath', async () => {
  answering({ ...well(), ...inRegion('eu-west-1', 'GetScheduleCommand', () => ({ State: 'DISABLED' })) });
  const { stdout } = await inProcess(['doctor', '--config', config]);
  expect(stdout).toMatch(/^ok +account +123456789012, as arn:/);
  expect(stdout).toMatch(/\nfail +probe schedules +eu-west-1 +off: tick\n {8}-> turn it on/);
  expect(stdout).toMatch(/\n\n\d+ ok, 1 fail\n$/);
});

test('a stranger who answers cannot write to the terminal', async () => {
  const detail = '\x1b[2J554 go away';
  answering({
    ...well(),
    InvokeCommand: knocksAt(() => ({ reached: false, code: 'connect-failed', detail }), readable),
  });
  const { stdout } = await inProcess(['doctor', '--config', config]);
  expect(stdout).toContain('554 go away');
  expect(stdout).not.toContain('\x1b');
});

test('on one machine it needs no AWS: config, names, ports, passwords and history of this machine', async () => {
  answering({});
  const server = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .resume()
      .end('554 no\r\n'),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const file = path.join(folder, 'local.yaml');
  writeFileSync(
    file,
    `vantages: [local]\nehloName: probe.example.com\ntargets:\n  - { id: mx1, host: 127.0.0.1, port: ${port}, security: none, auth: { user: probe, password: { env: NOT_SET_HERE } } }\n`,
  );
  const nowhere = path.join(folder, 'nowhere');
  const { code, stdout } = await inProcess(['doctor', '--config', file, '--folder', nowhere, '--json']);
  await new Promise((done) => server.close(done));
  const { checks }: { checks: readonly Checked[] } = JSON.parse(stdout);
  expect(checks.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
    'history warn',
    'config pass',
    'names pass',
    `port ${port} pass`,
    'secrets fail',
    'last round warn',
    'alerts owed pass',
  ]);
  expect(code).toBe(2);
});

test('a config that is not there is bad usage', async () => {
  const { code, stderr } = await inProcess(['doctor', '--config', path.join(folder, 'no.yaml')]);
  expect(stderr).toMatch(/there is no file .*no\.yaml/);
  expect(code).toBe(3);
});
