import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { partitionOf } from '../../lib/naming/partition.ts';
import { sampleConfig, synthesise } from './synthesis.ts';

const fleet = (vantages: readonly string[]) => `
home: ${vantages[0]}
vantages: [${vantages.join(', ')}]
ehloName: probe.example.com
notify:
  - email: ops@example.com
targets:
  - { id: submission, host: smtp.example.com, port: 587, auth: { user: a, password: { secret: smtp/probe } } }
`;

const partitions = [
  ['aws', ['eu-west-1', 'us-east-1']],
  ['aws-cn', ['cn-north-1', 'cn-northwest-1']],
  ['aws-us-gov', ['us-gov-west-1', 'us-gov-east-1']],
] as const;

/** Targets of rules that are buses, with where they are. */
const carried = (template: Template) =>
  Object.values(template.findResources('AWS::Events::Rule'))
    .flatMap(({ Properties }) => Properties.Targets)
    .map(({ Arn }) => JSON.stringify(Arn))
    .filter((arn) => arn.includes(':event-bus/'));

describe.each(partitions)('%s', (partition, vantages) => {
  const { home, probes } = synthesise(sampleConfig(fleet(vantages)));
  const stacks = [home, ...probes.values()];

  test('is told by the names of its regions', () => {
    expect(new Set(vantages.map(partitionOf))).toEqual(new Set([partition]));
  });

  test('is named by no ARN: each says the partition that it is deployed to', () => {
    for (const stack of stacks) expect(JSON.stringify(stack.toJSON())).not.toMatch(/arn:aws[a-z-]*:/);
  });

  test('no rule carries a second opinion; alarms go between regions only where AWS says that rules can', () => {
    expect(stacks.flatMap(carried)).toHaveLength(partition === 'aws' ? vantages.length : 0);
  });

  test.each(vantages)('every alarm of %s is reported by exactly one way', (vantage) => {
    const probe = probes.get(vantage) as Template;
    const direct = alarmsOf(probe).filter(([, { AlarmActions = [] }]) => AlarmActions.length > 0);
    const forwarded = Object.values(probe.findResources('AWS::Events::Rule'))
      .filter(({ Properties }) => JSON.stringify(Properties.Targets).includes(':event-bus/'))
      .flatMap(({ Properties }) => Properties.EventPattern.resources)
      .map((resource) => resource['Fn::GetAtt'][0]);
    expect([...direct.map(([id]) => id), ...forwarded].sort()).toEqual(
      alarmsOf(probe)
        .map(([id]) => id)
        .sort(),
    );
    const reported = { aws: vantage === vantages[0] ? [] : ['vantage-silent'], others: every };
    const ways = partition === 'aws' ? reported.aws : reported.others;
    expect(direct.map(([, { AlarmName }]) => AlarmName.replace('smtp-quorum-', '')).sort()).toEqual(ways);
    expect(operatorsIn(probe)).toEqual(ways.length === 0 ? [] : [['smtp-quorum-vantage-operators', 'ops@example.com']]);
  });
});

const every = ['probe-errors', 'undelivered-rounds', 'vantage-silent'];

function alarmsOf(template: Template) {
  return Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(
    ([id, { Properties }]) => [id, Properties] as const,
  );
}

/** Topics, with who is subscribed. */
function operatorsIn(template: Template) {
  const subscriptions = Object.values(template.findResources('AWS::SNS::Subscription'));
  return Object.entries(template.findResources('AWS::SNS::Topic')).map(([id, { Properties }]) => [
    Properties.TopicName,
    ...subscriptions.filter((one) => one.Properties.TopicArn.Ref === id).map((one) => one.Properties.Endpoint),
  ]);
}
