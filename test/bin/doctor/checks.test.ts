import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import type { Checked } from '../../../bin/doctor/check-result.ts';
import { port25Form } from '../../../lib/network/port-25.ts';
import { inProcess } from '../cli.ts';
import { type Answers, answering, denied, knocksAt, named, queried, unknownParameter } from './aws-answers.ts';
import {
  config,
  confirmed,
  doctor,
  folder,
  inRegion,
  minute,
  owed,
  readable,
  remove,
  rounds,
  stack,
  well,
} from './healthy-account.ts';

afterAll(remove);
afterEach(() => vi.restoreAllMocks());

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

interface Case {
  readonly so: string;
  readonly answers: Answers;
  /** `check region outcome` of everything that is not ok. */
  readonly amiss: readonly string[];
  readonly says: RegExp;
  readonly mend: RegExp;
  readonly code: number;
}

const closed25: Answers = {
  InvokeCommand: knocksAt(
    ({ port }) => (port === 25 ? { reached: false, code: 'connect-timeout', detail: 'no answer within 6 s' } : null),
    readable,
  ),
};

/** A stack whose probe leaves by an Elastic IP. */
function addressed(ip: string) {
  const [found] = stack('UPDATE_COMPLETE').Stacks;
  return { Stacks: [{ ...found, Outputs: [...(found?.Outputs ?? []), { OutputKey: 'ProbeIp', OutputValue: ip }] }] };
}

const cases: readonly Case[] = [
  {
    so: 'a region without bootstrap',
    answers: inRegion('eu-west-1', 'GetParameterCommand', unknownParameter),
    amiss: ['bootstrap eu-west-1 fail'],
    says: /not bootstrapped/,
    mend: /^npx cdk bootstrap aws:\/\/123456789012\/eu-west-1$/,
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
    mend: /^npx cdk deploy '\*\/Probe-eu-west-1'$/,
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
    mend: /^npx cdk deploy '\*\/Probe-eu-west-1'$/,
    code: 1,
  },
  {
    so: 'a schedule that was turned off',
    answers: inRegion('eu-west-1', 'GetScheduleCommand', () => ({ State: 'DISABLED' })),
    amiss: ['probe schedules eu-west-1 fail'],
    says: /off: tick/,
    mend: /EventBridge Scheduler in eu-west-1, or: npx cdk deploy --all --revert-drift$/,
    code: 2,
  },
  {
    so: 'an alarm',
    answers: inRegion('eu-west-1', 'DescribeAlarmsCommand', () => ({
      MetricAlarms: [
        { AlarmName: 'mailwatch-vantage-silent', StateValue: 'ALARM' },
        { AlarmName: 'mailwatch-probe-errors', StateValue: 'OK' },
        // Of another fleet, named mailwatch-2.
        { AlarmName: 'mailwatch-2-probe-errors', StateValue: 'ALARM' },
      ],
    })),
    amiss: ['alarms eu-west-1 fail'],
    says: /^mailwatch-vantage-silent goes off$/,
    mend: /docs\/runbook\.md#vantage-silent/,
    code: 2,
  },
  {
    so: 'port 25 closed',
    answers: closed25,
    amiss: ['port 25 us-east-1 fail', 'port 25 eu-west-1 fail'],
    says: /closed: .*mx1\.example\.com:25: no answer within 6 s/,
    mend: /choose egress vpc for us-east-1 in cdk\.json.*PTR.*ProbeIp of mailwatch-probe-us-east-1.*"Request to remove email sending limitations": https/,
    code: 2,
  },
  {
    so: 'port 25 closed where the way out has an address of its own',
    answers: { ...closed25, ...inRegion('us-east-1', 'DescribeStacksCommand', () => addressed('203.0.113.9')) },
    amiss: ['port 25 us-east-1 fail', 'port 25 eu-west-1 fail'],
    says: /closed: .*mx1\.example\.com:25: no answer within 6 s/,
    mend: new RegExp(`^(?!.*choose egress).*PTR record for 203\\.0\\.113\\.9 .*${port25Form.replaceAll('.', '\\.')}`),
    code: 2,
  },
  {
    so: 'a region that left the config and still probes',
    answers: { QueryCommand: rounds(minute, ['ap-southeast-1']) },
    amiss: ['other regions null warn'],
    says: /they still probe: ap-southeast-1$/,
    mend: /^aws cloudformation delete-stack --stack-name mailwatch-probe-ap-southeast-1 --region ap-southeast-1$/,
    code: 1,
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
    answers: {
      QueryCommand: (input, region) => {
        const { Items } = rounds(minute)(input, region) as { Items: readonly object[] };
        return Items.length > 0
          ? { Items }
          : queried((partition) => (partition === 'verdicts' ? owed(5 * minute) : []))(input, region);
      },
    },
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
    mend: /48 hours; for another mail: aws sns subscribe --topic-arn arn:aws:sns:us-east-1:123456789012:mailwatch-alerts /,
    code: 1,
  },
  {
    so: 'nobody subscribed',
    answers: { ListSubscriptionsByTopicCommand: () => ({ Subscriptions: [] }) },
    amiss: ['alerts topic us-east-1 fail', 'operators topic us-east-1 fail'],
    says: /not subscribed: ops@example\.com, \+15555550100/,
    mend: /npx cdk deploy --all.*; lapsed unconfirmed, or unsubscribed: aws sns subscribe .*--protocol email --notification-endpoint 'ops@example\.com' --attributes .*; aws sns subscribe .*--protocol sms/,
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
