import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { describe, expect, test } from 'vitest';
import { packageVersion } from '../../lib/deployment/release.ts';
import { type Egress, egressProblem } from '../../lib/network/egress-setting.ts';
import { ProbeStack } from '../../lib/probe/probe-stack.ts';
import { sampleConfig, statementsOf, synthesise } from './synthesis.ts';

function probeStack(egress: Egress, config = sampleConfig()): ProbeStack {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
  return new ProbeStack(app, 'Probe', { config, vantage: 'eu-west-1', egress, env: { region: 'eu-west-1' } });
}

describe('port 25', () => {
  const warning = Match.stringLikeRegexp('^mx1, the control target: port 25, which AWS blocks .* in eu-west-1');

  test('is warned of, naming the targets, where it is blocked', () => {
    Annotations.fromStack(probeStack('default')).hasWarning('*', warning);
  });

  test.each<Egress>(['vpc', { existingVpc: 'vpc-12345678', subnets: ['subnet-12345678'] }])(
    'is not by %j',
    (egress) => {
      Annotations.fromStack(probeStack(egress)).hasNoWarning('*', warning);
    },
  );
});

describe('IPv6', () => {
  const six = sampleConfig(`
home: eu-west-1
vantages: [eu-west-1]
ehloName: probe.example.com
targets:
  - { id: both, host: mx1.example.com, port: 587, family: each }
  - { id: four, host: mx1.example.com, port: 587, family: 4 }
`);
  const existing = { existingVpc: 'vpc-12345678', subnets: ['subnet-12345678'] };

  test.each<[Egress, boolean]>([
    ['default', true],
    [existing, true],
    [{ ...existing, ipv6: true }, false],
    ['vpc', false],
  ])('by %j: warned of, naming the targets, %s', (egress, warned) => {
    const annotations = Annotations.fromStack(probeStack(egress, six));
    const warning = Match.stringLikeRegexp('^both: IPv6, .* in eu-west-1');
    if (warned) annotations.hasWarning('*', warning);
    else annotations.hasNoWarning('*', warning);
  });
});

test.each<[Egress, string]>([
  ['default', 'default'],
  ['vpc', 'vpc'],
  [{ existingVpc: 'vpc-12345678', subnets: ['subnet-12345678'] }, 'existingVpc'],
])('the probe knows its way out: %j', (egress, name) => {
  Template.fromStack(probeStack(egress)).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ SMTP_QUORUM_EGRESS: name }) },
  });
});

test.each<[Egress, object]>([
  ['default', {}],
  ['vpc', { SMTP_QUORUM_EGRESS_ADDRESS: { Ref: 'ProbeAddress' } }],
  [{ zone: 'eu-west-1b' }, { SMTP_QUORUM_EGRESS_ADDRESS: { Ref: 'ProbeAddress' } }],
  [{ existingVpc: 'vpc-12345678', subnets: ['subnet-12345678'] }, {}],
])('the probe knows its release, and the address of %j if the stack makes it', (egress, address) => {
  const probes = Template.fromStack(probeStack(egress)).findResources('AWS::Lambda::Function', {
    Properties: { FunctionName: 'smtp-quorum-probe' },
  });
  const given = Object.values(probes).map(({ Properties }) => Properties.Environment.Variables);
  const named = given.map(({ SMTP_QUORUM_EGRESS_ADDRESS, SMTP_QUORUM_RELEASE }) => ({
    ...{ SMTP_QUORUM_RELEASE, ...(SMTP_QUORUM_EGRESS_ADDRESS && { SMTP_QUORUM_EGRESS_ADDRESS }) },
  }));
  expect(named).toEqual([{ SMTP_QUORUM_RELEASE: packageVersion(), ...address }]);
});

describe('egress vpc', () => {
  const template = Template.fromStack(probeStack('vpc'));

  test('is one gateway, whose address is an output', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 1);
    template.hasResourceProperties('AWS::EC2::NatGateway', {
      AllocationId: { 'Fn::GetAtt': [Match.anyValue(), 'AllocationId'] },
    });
    expect(Object.values(template.findOutputs('ProbeIp'))).toHaveLength(1);
  });

  test('lets the probe out to its ports only, and nobody in', () => {
    const [group] = Object.values(template.findResources('AWS::EC2::SecurityGroup'));
    const ports = group?.Properties.SecurityGroupEgress.map(({ FromPort }: { FromPort: number }) => FromPort);
    expect([...new Set(ports)]).toEqual([25, 443, 587]);
    expect(group?.Properties.SecurityGroupIngress).toBeUndefined();
  });

  test('denies the code what Lambda itself needs to join the network', () => {
    const statements = statementsOf(template, 'smtp-quorum-probe').filter(({ Action }) =>
      Action.includes('ec2:CreateNetworkInterface'),
    );
    expect(statements).toHaveLength(2);
    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Condition: { ArnEquals: { 'lambda:SourceFunctionArn': expect.anything() } },
      }),
    );
  });

  test('reaches servers by IPv6, too', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: Match.objectLike({ Ipv6AllowedForDualStack: true }),
    });
  });
});

test('egress by a VPC that is there makes none', () => {
  const template = Template.fromStack(
    probeStack({ existingVpc: 'vpc-12345678', subnets: ['subnet-1234', 'subnet-5678'] }),
  );
  template.resourceCountIs('AWS::EC2::VPC', 0);
  template.hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: Match.objectLike({ SubnetIds: ['subnet-1234', 'subnet-5678'] }),
  });
});

test('a VPC is created in the availability zone that the config names, or in the first of the region', () => {
  const zonesOf = (egress: Egress) =>
    Object.values(Template.fromStack(probeStack(egress)).findResources('AWS::EC2::Subnet')).map(
      ({ Properties }) => Properties.AvailabilityZone,
    );
  expect(new Set(zonesOf({ zone: 'eu-west-1b' }))).toEqual(new Set(['eu-west-1b']));
  expect(zonesOf('vpc')[0]).toEqual({ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] });
});

test.each([
  [{ zone: 'eu-west-1b' }, null],
  [{ zone: 1 }, 'write { zone } without other keys'],
  [{ zone: 'eu-west-1b', existingVpc: 'vpc-1', subnets: ['subnet-1'] }, 'write { zone } without other keys'],
  ['vpn', 'write default, vpc, { zone } or'],
])('the egress %j: %s', (written, wrong) => {
  const found = egressProblem(written);
  if (wrong === null) expect(found).toBeNull();
  else expect(found).toContain(wrong);
});

test('a probe outside a VPC may delete network interfaces of a former VPC, but its code may not', () => {
  const statements = statementsOf(Template.fromStack(probeStack('default')), 'smtp-quorum-probe').filter(({ Action }) =>
    Action.includes('ec2:DeleteNetworkInterface'),
  );
  expect(statements.map(({ Action }) => Action)).not.toContainEqual(
    expect.arrayContaining(['ec2:CreateNetworkInterface']),
  );
  expect(statements.map(({ Condition }) => Condition === undefined)).toEqual([true, false]);
});

test('functions of a region without arm64 run on x86_64', () => {
  const config = sampleConfig();
  const { home, probes } = synthesise(config, { x86: ['eu-west-1'] });
  const architectures = (template: Template | undefined) =>
    Object.values(template?.findResources('AWS::Lambda::Function') ?? {}).map(
      ({ Properties }) => Properties.Architectures[0],
    );
  expect(new Set(architectures(probes.get('eu-west-1')))).toEqual(new Set(['x86_64']));
  expect(new Set([...architectures(home), ...architectures(probes.get('us-east-1'))])).toEqual(new Set(['arm64']));
});

test('a region without Node 24 is refused, if aws-cdk-lib knows it', () => {
  const fact = { region: 'eu-west-1', name: FactName.LATEST_NODE_RUNTIME };
  const known = Fact.requireFact(fact.region, fact.name);
  Fact.register({ ...fact, value: 'nodejs22.x' }, true);
  try {
    expect(() => probeStack('default')).toThrow('Lambda in eu-west-1 does not support Node 24, only nodejs22.x');
  } finally {
    Fact.register({ ...fact, value: known }, true);
  }
  expect(() => probeStack('default')).not.toThrow();
});
