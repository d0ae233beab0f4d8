import { describe, expect, test } from 'vitest';
import type { Resource } from '../deployed.ts';
import { sampleConfig } from '../synthesis.ts';
import { account, type DeployedStack, deployFleet } from './fleet.ts';
import { type Call, roleMay, serviceMay } from './simulate.ts';

/** docs/decisions/0014-targets-of-rules.md: how EventBridge gets to a target, by the service of the target. */
const ways: Readonly<Record<string, { readonly action: string; readonly by: 'policy' | 'role' }>> = {
  lambda: { action: 'lambda:InvokeFunction', by: 'policy' },
  sqs: { action: 'sqs:SendMessage', by: 'policy' },
  sns: { action: 'sns:Publish', by: 'role' },
  events: { action: 'events:PutEvents', by: 'role' },
};

interface Target {
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly DeadLetterConfig?: { readonly Arn: string };
}

interface Case {
  readonly stack: DeployedStack;
  readonly rule: string;
  readonly dependsOn: readonly string[];
  readonly target: Target;
}

const withoutHash = (id: string) => id.replace(/[0-9A-F]{8}$/, '');

function targetsOf(stack: DeployedStack): readonly Case[] {
  return Object.entries(stack.template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::Events::Rule')
    .flatMap(([id, rule]) => {
      const { DependsOn: dependsOn = [] } = rule as Resource & { readonly DependsOn?: readonly string[] };
      const targets = rule.Properties?.Targets as readonly Target[];
      return targets.map((target) => ({ stack, rule: withoutHash(id), dependsOn, target }));
    });
}

const from = (source: string, action: string, resource: string): Call => ({
  action,
  resource,
  context: { 'aws:SourceArn': source, 'aws:SourceAccount': account },
});

const eventsMay = (stack: DeployedStack, call: Call) =>
  serviceMay('events.amazonaws.com', call, stack.policyOn(call.resource));

/** The logical id of a role, and those of the policies that are attached to it. */
function roleOf({ template, arn }: DeployedStack, roleArn: string) {
  const resources = Object.entries(template.Resources);
  const [id = ''] = resources
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .map(([each]) => withoutHash(each))
    .filter((each) => arn(each) === roleArn);
  const policies = resources.filter(([, { Type, Properties }]) => {
    const { Roles = [] } = (Properties ?? {}) as { readonly Roles?: readonly string[] };
    return Type === 'AWS::IAM::Policy' && Roles.includes(roleArn.split('/').at(-1) ?? '');
  });
  return { id, policies: policies.map(([each]) => each) };
}

const partitions = [
  ['us-east-1', 'eu-west-1'],
  ['cn-north-1', 'cn-northwest-1'],
  ['us-gov-west-1', 'us-gov-east-1'],
] as const;

const config = (vantages: readonly string[]) => `
home: ${vantages[0]}
vantages: [${vantages.join(', ')}]
ehloName: probe.example.com
notify: [{ email: ops@example.com }]
targets: [{ id: mx1, host: mx1.example.com }]
`;

describe.each(partitions)('rules of %s and %s', (...vantages) => {
  const { home, probes } = deployFleet({ config: sampleConfig(config(vantages)) });
  const cases = [home, ...probes.values()].flatMap(targetsOf);

  test('are all looked at', () => {
    const rules = cases.map(({ rule }) => rule);
    expect(rules).toEqual(expect.arrayContaining(['RoundRecorded', 'DeliveryDue', 'OpinionWanted', 'AlarmsEnd']));
  });

  test.each(cases)('$rule gets to its target in one way', async ({ stack, rule, dependsOn, target }) => {
    const way = ways[target.Arn.split(':')[2] ?? ''];
    const call = from(stack.arn(rule), way?.action ?? '', target.Arn);
    expect(await eventsMay(stack, call)).toBe(way?.by === 'policy');
    expect(target.RoleArn !== undefined).toBe(way?.by === 'role');
    if (target.RoleArn === undefined) return;
    const { id, policies } = roleOf(stack, target.RoleArn);
    expect(await roleMay(stack, id, { action: call.action, resource: call.resource })).toBe(true);
    expect(policies).not.toEqual([]);
    expect(dependsOn).toEqual(expect.arrayContaining(policies));
  });

  test.each(cases)(
    '$rule gets to its dead-letter queue by the policy of the queue',
    async ({ stack, rule, target }) => {
      const queue = target.DeadLetterConfig?.Arn ?? '';
      const source = stack.arn(rule);
      expect(await eventsMay(stack, from(source, 'sqs:SendMessage', queue))).toBe(true);
      expect(await eventsMay(stack, from(`${source}-other`, 'sqs:SendMessage', queue))).toBe(false);
    },
  );
});
