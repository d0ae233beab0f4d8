import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { Egress } from '../../lib/network/egress-setting.ts';
import { grantsOf, sampleConfig, statementsOf, synthesise } from './synthesis.ts';

function yaml(send: string, key = '{ secret: trips/key }'): string {
  return `
home: us-east-1
vantages: [us-east-1, eu-west-1]
ehloName: probe.example.com
posture: false
targets:
  - { id: submission, host: smtp.example.com, port: 587, auth: { user: a, password: { secret: smtp/probe } } }
  - { id: mx1, host: mx1.example.com }
roundTrips:
  - id: out
    send: { via: ${send}, from: a@example.com, to: b@example.net }
    receive: { host: imap.example.net, auth: { user: b, password: { secret: trips/seed } } }
    key: ${key}
`;
}

const config = sampleConfig(yaml('submission'));
const { home, probes } = synthesise(config);
const named = 'smtp-quorum-trips';
const functionsOf = (template: Template) =>
  Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.FunctionName);

describe('the function of round trips', () => {
  test('runs in each vantage, each minute', () => {
    expect(functionsOf(home)).not.toContain(named);
    for (const template of probes.values()) {
      expect(functionsOf(template)).toContain(named);
      template.hasResourceProperties('AWS::Scheduler::Schedule', {
        ScheduleExpression: 'cron(*/1 * * * ? *)',
        Description: Match.stringLikeRegexp('^Round trips'),
        Target: Match.objectLike({ RetryPolicy: Match.objectLike({ MaximumRetryAttempts: 0 }) }),
      });
    }
  });

  test('reads and writes its items, puts its event, and reads its secrets', () => {
    for (const template of probes.values()) {
      // To leave a VPC that it was in: `egress.test.ts`.
      expect(grantsOf(template, named).filter((action) => !action.startsWith('ec2:'))).toEqual([
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'events:PutEvents',
        'secretsmanager:GetSecretValue',
      ]);
      const statements = statementsOf(template, named);
      const items = statements.find(({ Action }) => Action.includes('dynamodb:PutItem'));
      expect(items?.Condition).toEqual({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['trip#*', 'trip-mailboxes', 'trip-verdicts'] },
      });
      const secrets = JSON.stringify(statements.find(({ Action }) => Action === 'secretsmanager:GetSecretValue'));
      for (const secret of ['trips/key', 'trips/seed', 'smtp/probe']) expect(secrets).toContain(secret);
    }
  });

  test('goes off when no run ended well for half an hour', () => {
    for (const template of probes.values())
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: 'smtp-quorum-trips-silent',
        EvaluationPeriods: 2,
        TreatMissingData: 'breaching',
      });
  });

  test('the judge hears of it, and reads and writes what people were told', () => {
    home.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'detail-type': ['Round Recorded', 'Posture Recorded', 'Bounces Recorded', 'Trip Recorded'] },
    });
    const granted = JSON.stringify(statementsOf(home, 'smtp-quorum-judge'));
    expect(granted.match(/"trip-verdicts"/g)).toHaveLength(2);
    expect(granted).not.toContain('trip-mailboxes');
  });
});

describe('by the way out of the probe', () => {
  const yamlOn25 = yaml('mx1').replace('targets:', 'control: mail.example.net:25\ntargets:');
  const existing = { existingVpc: 'vpc-12345678', subnets: ['subnet-12345678'] };

  test.each<[string, Egress, string]>([
    ['a VPC of its own', 'vpc', 'vpc'],
    ['a VPC that is there', existing, 'existingVpc'],
  ])('%s: in the same subnets and group, so with the same address', (_, egress, name) => {
    const ways = { 'us-east-1': egress, 'eu-west-1': egress };
    for (const template of synthesise(sampleConfig(yamlOn25), { egress: ways }).probes.values()) {
      const [trips, probe] = [named, 'smtp-quorum-probe'].map(
        (FunctionName) =>
          Object.values(template.findResources('AWS::Lambda::Function', { Properties: { FunctionName } }))[0]
            ?.Properties,
      );
      expect(trips.VpcConfig.SubnetIds.length).toBeGreaterThan(0);
      expect(trips.VpcConfig).toEqual(probe.VpcConfig);
      expect(trips.Environment.Variables.SMTP_QUORUM_EGRESS).toBe(name);
      template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
      const [group] = Object.values(template.findResources('AWS::EC2::SecurityGroup'));
      const ports = group?.Properties.SecurityGroupEgress.map(({ FromPort }: { FromPort: number }) => FromPort);
      expect([...new Set(ports)]).toEqual([25, 443, 587, 993]);
      const joins = statementsOf(template, named).filter(({ Action }) => Action.includes('ec2:CreateNetworkInterface'));
      expect(joins.map(({ Condition }) => Condition === undefined)).toEqual([true, false]);
    }
  });

  test.each([
    ['imap', 143],
    ['imap', 993],
    ['pop3', 110],
    ['pop3', 995],
  ] as const)('the group lets %s out to port %i, with the port of the server that sends', (protocol, port) => {
    const text = yaml('mx1')
      .replace('via: mx1', 'host: smtp.example.com, port: 465')
      .replace('host: imap.example.net', `protocol: ${protocol}, host: imap.example.net, port: ${port}`)
      .replace('targets:', 'control: mail.example.net:25\ntargets:');
    const [template] = [...synthesise(sampleConfig(text), { egress: { 'us-east-1': existing } }).probes.values()];
    const [group] = Object.values(template?.findResources('AWS::EC2::SecurityGroup') ?? {});
    const ports = group?.Properties.SecurityGroupEgress.map(({ FromPort }: { FromPort: number }) => FromPort);
    expect(new Set(ports)).toEqual(new Set([25, 443, 465, 587, port]));
  });

  test.each<[string, string, Record<string, Egress>, string]>([
    [
      'one vantage is in no VPC',
      yamlOn25,
      { 'us-east-1': 'vpc' },
      "blocks from Lambda's own network in eu-west-1: choose",
    ],
    [
      'there is no control target',
      yaml('mx1'),
      { 'us-east-1': 'vpc', 'eu-west-1': existing },
      'nothing else tells a closed way from mx1, roundTrips.out being down',
    ],
  ])('a trip through port 25 cannot be deployed where %s', (_, text, egress, words) => {
    expect(() => synthesise(sampleConfig(text), { egress })).toThrow(words);
  });
});

test('without round trips nothing of it is there', () => {
  const fleet = synthesise(sampleConfig());
  for (const template of [fleet.home, ...fleet.probes.values()]) {
    expect(Object.keys(template.toJSON().Resources).filter((id) => id.startsWith('Trip'))).toEqual([]);
    expect(functionsOf(template)).not.toContain(named);
  }
});

test.each([
  ['a secret of this machine', yaml('submission', '{ env: KEY }'), 'a secret by env works on one machine only'],
  [
    'port 25',
    yaml('mx1'),
    "roundTrips.out: it sends through port 25, which AWS blocks from Lambda's own network in us-east-1, eu-west-1: choose egress vpc",
  ],
])('%s cannot be deployed', (_, text, words) => {
  expect(() => synthesise(sampleConfig(text))).toThrow(words);
});
