import { App } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import type { Config } from '../../lambda/config/config.ts';
import { deploymentProblems } from '../../lib/deployment/deployable.ts';
import { HomeStack } from '../../lib/home/home-stack.ts';
import type { Egress } from '../../lib/network/egress-setting.ts';
import { ProbeStack } from '../../lib/probe/probe-stack.ts';
import { SmtpQuorum } from '../../lib/smtp-quorum.ts';
import { sampleConfig } from './synthesis.ts';

const config = sampleConfig();
const [mx1, submission] = config.targets;
if (!mx1 || !submission?.auth) throw new Error('the sample has two targets');

const cases: readonly [string, Config, string][] = [
  [
    'a home that is not in the file',
    { ...config, homeByDefault: true },
    'home: required on AWS, for example `home: us-east-1`',
  ],
  ['local', { ...config, policy: { ...config.policy, vantages: ['local'] } }, 'local is not an AWS region'],
  ['ten seconds', { ...config, policy: { ...config.policy, every: 10_000 } }, 'a round takes whole minutes'],
  [
    'a password by env',
    { ...config, targets: [{ ...submission, auth: { ...submission.auth, password: { env: 'SMTP_PASSWORD' } } }] },
    'put it in Secrets Manager',
  ],
  [
    'a key of a list by env',
    { ...config, listKeys: { spamhaus: { env: 'SPAMHAUS_KEY' } } },
    'listKeys.spamhaus: a key by env works on one machine only',
  ],
  [
    'a resolver on loopback',
    { ...config, resolver: ['https://dns.example.com/dns-query', '127.0.0.1:5353'] },
    'resolver: 127.0.0.1:5353 works on one machine only',
  ],
  [
    'regions of several partitions',
    { ...config, policy: { ...config.policy, vantages: ['us-east-1', 'cn-north-1'] } },
    'aws, aws-cn are partitions',
  ],
];

test.each(cases)('%s cannot be deployed', (_, hindered, why) => {
  expect(deploymentProblems(hindered)).toEqual([expect.stringContaining(why)]);
  expect(() => new SmtpQuorum(new App(), 'Mail', { config: hindered })).toThrow(why);
});

test.each([
  ['home: eu-west-1\n', undefined],
  ['', true],
])('a file with %j: the home is the default one: %s', (home, byDefault) => {
  const written = sampleConfig(
    `${home}vantages: [us-east-1, eu-west-1]\nehloName: a.example.com\ntargets: [{ id: a, host: a.example.com }]\n`,
  );
  expect(written.homeByDefault).toBe(byDefault);
});

test('the sample can be deployed', () => {
  expect(deploymentProblems(config)).toEqual([]);
});

const port25 = { ...config, targets: [mx1] };
const submissions = { ...config, targets: [submission] };
const withoutControl = { control: null };
const controlElsewhere = { control: { host: 'mail.example.net', port: 587 } };

test.each<[string, Config, Egress, readonly unknown[]]>([
  ['no control target', { ...port25, ...withoutControl }, 'vpc', [expect.stringMatching(/^control: .*eu-west-1.*mx1/)]],
  ['one on another port', { ...port25, ...controlElsewhere }, 'vpc', [expect.stringContaining('control: ')]],
  ['one on port 25', port25, 'vpc', []],
  ['none, where no target is on port 25', { ...submissions, ...withoutControl }, 'vpc', []],
  ['none, where the probe knows by itself', { ...port25, ...withoutControl }, 'default', []],
])('port 25 with %s', (_, probing, egress, found) => {
  expect(deploymentProblems(probing, { egress: { 'eu-west-1': egress } })).toEqual(found);
});

const app = () => new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });

test.each<[string, () => unknown, string]>([
  [
    'a vantage that the config has not',
    () => new ProbeStack(app(), 'P', { config, vantage: 'eu-north-1' }),
    'eu-north-1 is not a vantage',
  ],
  [
    'a probe outside its region',
    () => new ProbeStack(app(), 'P', { config, vantage: 'eu-west-1', env: { region: 'us-east-1' } }),
    'smtp-quorum-probe-eu-west-1 belongs in eu-west-1, not in us-east-1',
  ],
  [
    'a home elsewhere',
    () => new HomeStack(app(), 'H', { config, env: { region: 'eu-west-1' } }),
    'belongs in us-east-1',
  ],
  [
    'a home on one machine',
    () => new HomeStack(app(), 'H', { config: { ...config, home: 'local' } }),
    'local is not an AWS region',
  ],
])('a stack alone: %s is refused', (_, make, why) => {
  expect(make).toThrow(why);
});

test('a stack alone has the name and the region by which the rest finds it', () => {
  const stacks = [new HomeStack(app(), 'H', { config }), new ProbeStack(app(), 'P', { config, vantage: 'eu-west-1' })];
  expect(stacks.map(({ stackName, region }) => [stackName, region])).toEqual([
    ['smtp-quorum-home', 'us-east-1'],
    ['smtp-quorum-probe-eu-west-1', 'eu-west-1'],
  ]);
});
