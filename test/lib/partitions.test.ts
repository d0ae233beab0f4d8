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

  test('the operators hear of the alarms of every vantage', () => {
    for (const probe of probes.values()) {
      const topics = Object.values(probe.findResources('AWS::SNS::Topic')).map(
        ({ Properties }) => Properties.TopicName,
      );
      const told = Object.values(probe.findResources('AWS::SNS::Subscription')).map(
        ({ Properties }) => Properties.Endpoint,
      );
      const alarms = Object.values(probe.findResources('AWS::CloudWatch::Alarm'));
      const silent = alarms.filter(({ Properties }) => Properties.AlarmActions === undefined);
      expect(topics).toEqual(partition === 'aws' ? [] : ['smtp-quorum-vantage-operators']);
      expect(told).toEqual(partition === 'aws' ? [] : ['ops@example.com']);
      expect(silent).toHaveLength(partition === 'aws' ? alarms.length : 0);
    }
  });
});
