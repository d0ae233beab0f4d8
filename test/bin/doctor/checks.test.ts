import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import type { NamedCheckResult } from '../../../bin/doctor/check-result.ts';
import { subscriberId } from '../../../lambda/alert/channels/channel-ids.ts';
import { port25Form } from '../../../lib/network/port-25.ts';
import { inProcess } from '../cli.ts';
import {
  type Answer,
  type Answers,
  denied,
  errorNamed,
  mockAws,
  probeAnswers,
  queryAnswer,
  unknownParameter,
} from './aws-answers.ts';
import {
  config,
  confirmed,
  doctor,
  folder,
  healthyAnswers,
  inRegion,
  minute,
  ofProbeStack,
  owed,
  readable,
  remove,
  rounds,
  stack,
  YAML,
} from './healthy-account.ts';

const failingTopic = {
  pk: 'channels',
  sk: 'topic',
  oldest: null,
  attempts: 3,
  failingSince: '2026-11-22T05:08:00Z',
  next: 0,
  heldUntil: 0,
  lastTry: '2026-11-22T05:09:00Z',
  lastSuccess: '2026-11-21T05:08:00Z',
  lastError: 'AuthorizationError',
  reported: true,
  version: 4,
  marks: 2,
  lease: null,
};

const opsId = subscriberId({ kind: 'email', address: 'ops@example.com' });
const missingSubscription = { ...failingTopic, sk: opsId, lastError: 'it is not subscribed' };

/** Fresh rounds, and a channel with this state. */
const withChannel =
  (item: object): Answer =>
  (input, region) => {
    const { Items } = rounds(minute)(input, region) as { Items: readonly object[] };
    if (Items.length > 0) return { Items };
    return queryAnswer((partition) => (partition === 'channels' ? [item] : []))(input, region);
  };

afterAll(remove);
afterEach(() => vi.restoreAllMocks());

test('every check passes if everything is in place', async () => {
  const { code, checks, failed } = await doctor({});
  expect(failed).toEqual([]);
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
      'undelivered alerts',
      'stored items',
    ]),
  );
});

test('the rate of e-mails is beside the number of addresses', async () => {
  const { checks } = await doctor({});
  expect(checks.find(({ check }) => check === 'alerts topic')?.detail).toBe(
    '2 confirmed; e-mail addresses: 1 (to each, SNS sends at most 10 e-mails a second; the monitor at most 5)',
  );
});

interface Case {
  readonly name: string;
  readonly answers: Answers;
  /** `check region outcome` of every check that did not pass. */
  readonly failed: readonly string[];
  readonly detail: RegExp;
  readonly fix: RegExp;
  readonly code: number;
}

const closed25: Answers = {
  InvokeCommand: probeAnswers(
    ({ port }) => (port === 25 ? { reached: false, code: 'connect-timeout', detail: 'no answer within 6 s' } : null),
    readable,
  ),
};

/** A stack with the Elastic IP of its probe. */
function addressed(ip: string) {
  const [found] = stack('UPDATE_COMPLETE').Stacks;
  return { Stacks: [{ ...found, Outputs: [...(found?.Outputs ?? []), { OutputKey: 'ProbeIp', OutputValue: ip }] }] };
}

const cases: readonly Case[] = [
  {
    name: 'a region without bootstrap',
    answers: inRegion('eu-west-1', 'GetParameterCommand', unknownParameter),
    failed: ['bootstrap eu-west-1 fail'],
    detail: /not bootstrapped/,
    fix: /^npx cdk bootstrap aws:\/\/123456789012\/eu-west-1$/,
    code: 2,
  },
  {
    name: 'an old bootstrap',
    answers: inRegion('eu-west-1', 'GetParameterCommand', () => ({ Parameter: { Value: '4' } })),
    failed: ['bootstrap eu-west-1 fail'],
    detail: /version 4, CDK requires 6/,
    fix: /cdk bootstrap/,
    code: 2,
  },
  {
    name: 'a stack that is not deployed',
    answers: ofProbeStack('eu-west-1', () =>
      errorNamed('ValidationError', 'Stack with id mailwatch-probe-eu-west-1 does not exist'),
    ),
    failed: ['probe stack eu-west-1 fail'],
    detail: /mailwatch-probe-eu-west-1 is not deployed/,
    fix: /^npx cdk deploy '\*\/Probe-eu-west-1'$/,
    code: 2,
  },
  {
    name: 'a deployment that was rolled back',
    answers: ofProbeStack('eu-west-1', () => stack('UPDATE_ROLLBACK_COMPLETE')),
    failed: ['probe stack eu-west-1 fail'],
    detail: /UPDATE_ROLLBACK_COMPLETE/,
    fix: /events/,
    code: 2,
  },
  {
    name: 'a stack from another config',
    answers: ofProbeStack('eu-west-1', () => stack('UPDATE_COMPLETE', '0.0.1 000000000000')),
    failed: ['probe stack eu-west-1 warn'],
    detail: /another config or version \(deployed: 0\.0\.1 000000000000/,
    fix: /^npx cdk deploy '\*\/Probe-eu-west-1'$/,
    code: 1,
  },
  {
    name: 'a schedule that was turned off',
    answers: inRegion('eu-west-1', 'GetScheduleCommand', () => ({ State: 'DISABLED' })),
    failed: ['probe schedules eu-west-1 fail'],
    detail: /off: tick/,
    fix: /EventBridge Scheduler in eu-west-1, or: npx cdk deploy --all --revert-drift$/,
    code: 2,
  },
  {
    name: 'a raised alarm',
    answers: inRegion('eu-west-1', 'DescribeAlarmsCommand', () => ({
      MetricAlarms: [
        { AlarmName: 'mailwatch-vantage-silent', StateValue: 'ALARM' },
        { AlarmName: 'mailwatch-probe-errors', StateValue: 'OK' },
        // Of another fleet, named mailwatch-2.
        { AlarmName: 'mailwatch-2-probe-errors', StateValue: 'ALARM' },
      ],
    })),
    failed: ['alarms eu-west-1 fail'],
    detail: /^mailwatch-vantage-silent is raised$/,
    fix: /docs\/runbook\.md#vantage-silent/,
    code: 2,
  },
  {
    name: 'port 25 closed',
    answers: closed25,
    failed: ['port 25 us-east-1 fail', 'port 25 eu-west-1 fail'],
    detail: /closed: .*mx1\.example\.com:25: no answer within 6 s/,
    fix: /choose egress vpc for us-east-1 in cdk\.json.*PTR.*ProbeIp of mailwatch-probe-us-east-1.*"Request to remove email sending limitations": https/,
    code: 2,
  },
  {
    name: 'port 25 closed, and the stack has an Elastic IP',
    answers: { ...closed25, ...inRegion('us-east-1', 'DescribeStacksCommand', () => addressed('203.0.113.9')) },
    failed: ['port 25 us-east-1 fail', 'port 25 eu-west-1 fail'],
    detail: /closed: .*mx1\.example\.com:25: no answer within 6 s/,
    fix: new RegExp(`^(?!.*choose egress).*PTR record for 203\\.0\\.113\\.9 .*${port25Form.replaceAll('.', '\\.')}`),
    code: 2,
  },
  {
    name: 'a region that was removed from the config and still probes',
    answers: { QueryCommand: rounds(minute, ['ap-southeast-1']) },
    failed: ['other regions null warn'],
    detail: /^not in the config: mailwatch-probe-ap-southeast-1 in ap-southeast-1$/,
    fix: /^aws cloudformation delete-stack --stack-name mailwatch-probe-ap-southeast-1 --region ap-southeast-1$/,
    code: 1,
  },
  {
    name: 'a former home and a vantage whose stacks are still there',
    answers: {
      DescribeStacksCommand: (input, at) => {
        const orphans = ['mailwatch-home eu-north-1', 'mailwatch-probe-sa-east-1 sa-east-1'];
        if (orphans.includes(`${input.StackName} ${at}`)) return stack('UPDATE_COMPLETE');
        return healthyAnswers().DescribeStacksCommand?.(input, at);
      },
    },
    failed: ['other regions null warn'],
    detail: /^not in the config: mailwatch-home in eu-north-1, mailwatch-probe-sa-east-1 in sa-east-1$/,
    fix: /--stack-name mailwatch-home --region eu-north-1; .* --region sa-east-1 \(docs\/deploy\.md#changing-the-home\)$/,
    code: 1,
  },
  {
    name: 'stacks of other regions that may not be read',
    answers: {
      DescribeStacksCommand: (input, at) => {
        if (at === 'sa-east-1') return Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
        return healthyAnswers().DescribeStacksCommand?.(input, at);
      },
    },
    failed: ['other regions null unable'],
    detail: /^permission denied/,
    fix: /grant it/,
    code: 3,
  },
  {
    name: 'too little Lambda concurrency for the home region',
    answers: inRegion('us-east-1', 'GetAccountSettingsCommand', () => ({
      AccountLimit: { UnreservedConcurrentExecutions: 4 },
    })),
    failed: ['lambda concurrency us-east-1 fail'],
    detail: /^4 available, 5 required/,
    fix: /Concurrent executions.*us-east-1/,
    code: 2,
  },
  {
    name: 'little Lambda concurrency in a vantage',
    answers: inRegion('eu-west-1', 'GetAccountSettingsCommand', () => ({ AccountLimit: { ConcurrentExecutions: 3 } })),
    failed: ['lambda concurrency eu-west-1 warn'],
    detail: /^3 available, 2 required/,
    fix: /Concurrent executions.*eu-west-1/,
    code: 1,
  },
  {
    name: 'another port closed',
    answers: {
      InvokeCommand: probeAnswers(
        ({ port }) => (port === 587 ? { reached: false, code: 'connect-timeout' } : null),
        readable,
      ),
    },
    failed: ['port 587 us-east-1 fail', 'port 587 eu-west-1 fail'],
    detail: /closed: smtp\.example\.com:587/,
    fix: /check that these servers are up/,
    code: 2,
  },
  {
    name: 'a resolver that does not answer',
    answers: { InvokeCommand: probeAnswers(() => ({ reached: false, code: 'dns-timeout' }), readable) },
    failed: ['us-east-1', 'eu-west-1'].flatMap((region) => [
      `names ${region} fail`,
      `port 25 ${region} unable`,
      `port 587 ${region} unable`,
    ]),
    detail: /resolver does not answer/,
    fix: /resolver/,
    code: 2,
  },
  {
    name: 'a secret that the probe must not read',
    answers: { InvokeCommand: probeAnswers(() => null, [{ secret: 'smtp/probe', error: 'AccessDeniedException' }]) },
    failed: ['secrets us-east-1 fail', 'secrets eu-west-1 fail'],
    detail: /smtp\/probe \(AccessDeniedException\)/,
    fix: /Secrets Manager in us-east-1/,
    code: 2,
  },
  {
    name: 'a probe that fails',
    answers: {
      InvokeCommand: () => ({ FunctionError: 'Unhandled', Payload: Buffer.from('{"errorMessage":"Task timed out"}') }),
    },
    failed: ['us-east-1', 'eu-west-1'].flatMap((region) =>
      ['names', 'port 25', 'port 587', 'secrets'].map((check) => `${check} ${region} unable`),
    ),
    detail: /the probe failed: Task timed out/,
    fix: /fix the cause of this error/,
    code: 3,
  },
  {
    name: 'a last round that is too old',
    answers: { QueryCommand: rounds(10 * minute) },
    failed: ['last round us-east-1 fail', 'last round eu-west-1 fail'],
    detail: /1[01] min (?:\d+ s )?ago: this vantage abstains/,
    fix: /docs\/runbook\.md#vantage-silent/,
    code: 2,
  },
  {
    name: 'no round yet',
    answers: { QueryCommand: queryAnswer(() => []) },
    failed: ['last round us-east-1 warn', 'last round eu-west-1 warn'],
    detail: /no round yet/,
    fix: /within two intervals/,
    code: 1,
  },
  {
    name: 'an alert that is undelivered for too long',
    answers: {
      QueryCommand: (input, region) => {
        const { Items } = rounds(minute)(input, region) as { Items: readonly object[] };
        return Items.length > 0
          ? { Items }
          : queryAnswer((partition) => (partition === 'verdicts' ? owed(5 * minute) : []))(input, region);
      },
    },
    failed: ['undelivered alerts us-east-1 fail'],
    detail: /undelivered: 1 not handed over; the oldest for 30\d s/,
    fix: /docs\/runbook\.md#alert-owed/,
    code: 2,
  },
  {
    name: 'a channel that fails',
    answers: { QueryCommand: withChannel(failingTopic) },
    failed: ['channel topic us-east-1 fail'],
    detail: /failing since 2026-11-22 05:08:00 UTC, 3 failed attempts: AuthorizationError; last success 2026-11-21/,
    fix: /docs\/runbook\.md#alert-owed/,
    code: 2,
  },
  {
    name: 'an address that has not confirmed',
    answers: {
      ListSubscriptionsByTopicCommand: () => ({
        Subscriptions: [
          { Protocol: 'email', Endpoint: 'ops@example.com', SubscriptionArn: 'PendingConfirmation' },
          confirmed('sms', '+15555550100'),
        ],
      }),
    },
    failed: ['alerts topic us-east-1 warn', 'operators topic us-east-1 warn', 'vantage operators topic eu-west-1 warn'],
    detail: /not confirmed: ops@example\.com/,
    fix: /48 hours; to get another e-mail: aws sns subscribe --topic-arn arn:aws:sns:us-east-1:123456789012:mailwatch-alerts /,
    code: 1,
  },
  {
    name: 'one address that has not confirmed, and one number that was removed',
    answers: {
      ListSubscriptionsByTopicCommand: () => ({
        Subscriptions: [
          { Protocol: 'email', Endpoint: 'ops@example.com', SubscriptionArn: 'PendingConfirmation' },
          { Protocol: 'sms', Endpoint: '+15555550100', SubscriptionArn: 'Deleted' },
          { Protocol: 'https', Endpoint: 'https://chat.example.com/secret', SubscriptionArn: 'PendingConfirmation' },
        ],
      }),
    },
    failed: ['alerts topic us-east-1 fail', 'operators topic us-east-1 fail', 'vantage operators topic eu-west-1 warn'],
    detail: /^not confirmed: ops@example\.com, https:\/\/chat\.example\.com; not subscribed: \+15555550100$/,
    fix: /confirm-subscription.*; if it is new in the config: .*--protocol sms/,
    code: 2,
  },
  {
    name: 'a subscription that the monitor has found missing',
    answers: { QueryCommand: withChannel(missingSubscription) },
    failed: [`channel ${opsId} us-east-1 warn`],
    detail:
      /^ops@example\.com: gets nothing since 2026-11-22 05:08:00 UTC: it is not subscribed; last confirmed 2026-11-21/,
    fix: /see 'alerts topic'/,
    code: 1,
  },
  {
    name: 'no subscriber',
    answers: { ListSubscriptionsByTopicCommand: () => ({ Subscriptions: [] }) },
    failed: ['alerts topic us-east-1 fail', 'operators topic us-east-1 fail', 'vantage operators topic eu-west-1 warn'],
    detail: /not subscribed: ops@example\.com, \+15555550100/,
    fix: /npx cdk deploy --all.*; if the subscription expired unconfirmed or was deleted: aws sns subscribe .*--protocol email --notification-endpoint 'ops@example\.com' --attributes .*; aws sns subscribe .*--protocol sms/,
    code: 2,
  },
  {
    name: 'an address that has not confirmed in the region of a vantage',
    answers: inRegion('eu-west-1', 'ListSubscriptionsByTopicCommand', () => ({
      Subscriptions: [{ Protocol: 'email', Endpoint: 'ops@example.com', SubscriptionArn: 'PendingConfirmation' }],
    })),
    failed: ['vantage operators topic eu-west-1 warn'],
    detail: /not confirmed: ops@example\.com/,
    fix: /aws sns subscribe --topic-arn arn:aws:sns:eu-west-1:123456789012:mailwatch-vantage-operators --region eu-west-1/,
    code: 1,
  },
  {
    name: 'a number in the sandbox that is not verified',
    answers: {
      GetSMSSandboxAccountStatusCommand: () => ({ IsInSandbox: true }),
      ListSMSSandboxPhoneNumbersCommand: () => ({ PhoneNumbers: [{ PhoneNumber: '+15555550100', Status: 'Pending' }] }),
    },
    failed: ['sms sandbox us-east-1 fail'],
    detail: /in the SMS sandbox: SNS does not send to \+15555550100/,
    fix: /leave the sandbox/,
    code: 2,
  },
  {
    name: 'SMS near its limit',
    answers: { GetMetricStatisticsCommand: () => ({ Datapoints: [{ Timestamp: new Date(), Maximum: 8.2 }] }) },
    failed: ['sms spend us-east-1 warn'],
    detail: /\$8\.20 of \$10/,
    fix: /docs\/runbook\.md#sms-spend/,
    code: 1,
  },
  {
    name: 'SMS at the limit that AWS sets by itself',
    answers: {
      GetSMSAttributesCommand: () => ({ attributes: {} }),
      GetMetricStatisticsCommand: () => ({ Datapoints: [{ Timestamp: new Date(), Maximum: 1 }] }),
    },
    failed: ['sms spend us-east-1 fail'],
    detail: /\$1\.00 of \$1 this month: SNS has stopped sending/,
    fix: /docs\/runbook\.md#sms-spend/,
    code: 2,
  },
  {
    name: 'a missing permission',
    answers: { DescribeAlarmsCommand: () => denied('cloudwatch:DescribeAlarms') },
    failed: ['alarms us-east-1 unable', 'alarms eu-west-1 unable'],
    detail: /permission denied: cloudwatch:DescribeAlarms/,
    fix: /docs\/deploy\.md#doctor/,
    code: 3,
  },
  {
    name: 'a region that is not enabled',
    answers: inRegion('eu-west-1', 'GetParameterCommand', () =>
      errorNamed('UnrecognizedClientException', 'The security token included in the request is invalid.'),
    ),
    failed: ['bootstrap eu-west-1 unable'],
    detail: /does not accept these credentials/,
    fix: /opt-in/,
    code: 3,
  },
];

test.each(cases)('$name', async ({ answers, failed, detail, fix, code }) => {
  const found = await doctor(answers);
  expect(found.failed.map(({ check, region, outcome }) => `${check} ${region} ${outcome}`)).toEqual(failed);
  expect(found.failed[0]?.detail).toMatch(detail);
  expect(found.failed[0]?.fix).toMatch(fix);
  expect(found.code).toBe(code);
});

test.each([
  [
    'no credentials',
    errorNamed('CredentialsProviderError', 'Could not load credentials from any providers'),
    /aws configure/,
  ],
  ['expired credentials', errorNamed('ExpiredTokenException', 'The security token has expired'), /aws sso login/],
])('with %s it reports one line instead of one for each check', async (_, error, fix) => {
  const { code, checks } = await doctor({ GetCallerIdentityCommand: () => error });
  expect(checks).toMatchObject([{ check: 'account', outcome: 'unable', fix: expect.stringMatching(fix) }]);
  expect(code).toBe(3);
});

test('as text it prints a line per check, and below it the fix', async () => {
  mockAws({ ...healthyAnswers(), ...inRegion('eu-west-1', 'GetScheduleCommand', () => ({ State: 'DISABLED' })) });
  const { stdout } = await inProcess(['doctor', '--config', config]);
  expect(stdout).toMatch(/^ok +account +123456789012, as arn:/);
  expect(stdout).toMatch(/\nfail +probe schedules +eu-west-1 +off: tick\n {8}-> enable it/);
  expect(stdout).toMatch(/\n\n\d+ ok, 1 fail\n$/);
});

test('a server cannot write control sequences to the terminal', async () => {
  const detail = '\x1b[2J554 go away';
  mockAws({
    ...healthyAnswers(),
    InvokeCommand: probeAnswers(() => ({ reached: false, code: 'connect-failed', detail }), readable),
  });
  const { stdout } = await inProcess(['doctor', '--config', config]);
  expect(stdout).toContain('554 go away');
  expect(stdout).not.toContain('\x1b');
});

test('on one machine it checks config, names, ports, passwords and history without AWS', async () => {
  mockAws({});
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
  const { checks }: { checks: readonly NamedCheckResult[] } = JSON.parse(stdout);
  expect(checks.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
    'history warn',
    'config pass',
    'names pass',
    `port ${port} pass`,
    'secrets warn',
    'last round warn',
    'addresses pass',
    'undelivered alerts pass',
    'channel terminal pass',
    'stored items pass',
  ]);
  expect(code).toBe(1);
});

test('round trips, posture and bounces need Lambda concurrency of their own', async () => {
  const file = path.join(folder, 'all.yaml');
  const trip = `{ id: out, send: { via: submission, from: a@example.com, to: b@example.net }, receive: { host: imap.example.net, auth: { user: b, password: { secret: trips/b } } }, key: { secret: trips/key } }`;
  writeFileSync(
    file,
    `${YAML}posture: [{ domain: example.com }]\nroundTrips: [${trip}]\nbounces: { sources: [{ ses: true }] }\n`,
  );
  const { checks } = await doctor({}, [], file);
  const found = checks.filter(({ check }) => check === 'lambda concurrency');
  expect(found.map(({ region, detail }) => `${region} ${detail.replace(/^\d+ available, /, '')}`)).toEqual([
    'us-east-1 10 required',
    'eu-west-1 5 required',
  ]);
});

test('a missing config file is bad usage', async () => {
  const { code, stderr } = await inProcess(['doctor', '--config', path.join(folder, 'no.yaml')]);
  expect(stderr).toMatch(/file .*no\.yaml not found/);
  expect(code).toBe(3);
});
