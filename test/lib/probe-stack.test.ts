import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { grantsOf, sampleConfig, statementsOf, synthesise } from './synthesis.ts';

const config = sampleConfig();
const { probes } = synthesise(config);
const vantages = [...probes];

/** What a function needs to take its starts from a queue. */
const fromQueue = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];

/** What Lambda needs to give network interfaces back, should the probe have been in a VPC; the code is denied it. */
const toLeave = [
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:UnassignPrivateIpAddresses',
].flatMap((action) => [action, action]);

function stackOf(vantage: string, templates = probes): Template {
  const stack = templates.get(vantage);
  if (!stack) throw new Error(`no stack of ${vantage}`);
  return stack;
}

test('there is one stack per vantage', () => {
  expect([...probes.keys()]).toEqual(['us-east-1', 'eu-west-1', 'ap-southeast-1']);
});

test.each(vantages)('%s probes each minute; a round that failed is not run again', (_, stack) => {
  stack.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(*/1 * * * ? *)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: Match.objectLike({
      Input: '{"scheduled":"<aws.scheduler.scheduled-time>"}',
      RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    }),
  });
  stack.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
});

test.each(vantages)('%s runs on arm64 and the newest Node', (vantage, stack) => {
  stack.hasResourceProperties('AWS::Lambda::Function', {
    Architectures: ['arm64'],
    Runtime: 'nodejs24.x',
    Environment: {
      Variables: {
        SMTP_QUORUM_VANTAGE: vantage,
        SMTP_QUORUM_HOME: 'us-east-1',
        SMTP_QUORUM_TABLE: 'smtp-quorum',
        SMTP_QUORUM_BUS: 'smtp-quorum',
        SMTP_QUORUM_EGRESS: 'default',
        SMTP_QUORUM_CONFIG: 'config.json',
      },
    },
  });
});

test.each(vantages)('%s may write its own rounds, say so, and read its secret', (vantage, stack) => {
  expect(grantsOf(stack, 'smtp-quorum-probe').filter((action) => !fromQueue.includes(action))).toEqual([
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    ...toLeave,
    'events:PutEvents',
    'secretsmanager:GetSecretValue',
  ]);
  const own = statementsOf(stack, 'smtp-quorum-probe').find(({ Action }) => Action.includes('dynamodb:PutItem'));
  expect(own?.Condition).toEqual({
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [`round#${vantage}`] },
  });
});

test.each(vantages)('%s looks at once when the judge asks it', (vantage, stack) => {
  stack.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'detail-type': ['Second Opinion Wanted'], detail: { vantages: [vantage] } },
    Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } })],
  });
});

test("passwords under a key of one's own are decrypted by way of Secrets Manager, and nothing else is", () => {
  const key = 'arn:aws:kms:us-east-1:123456789012:key/1';
  const stack = stackOf('eu-west-1', synthesise(config, { secretKeys: [key] }).probes);
  expect(statementsOf(stack, 'smtp-quorum-probe')).toContainEqual({
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: key,
    Condition: { StringLike: { 'kms:ViaService': 'secretsmanager.*' } },
  });
});

test('a fleet without passwords may read no secret', () => {
  const plain = { ...config, targets: config.targets.filter(({ auth }) => auth === undefined) };
  const stack = stackOf('us-east-1', synthesise(plain).probes);
  expect(grantsOf(stack, 'smtp-quorum-probe')).not.toContain('secretsmanager:GetSecretValue');
});

describe('staggered', () => {
  test.each([
    ['eu-west-1', 20],
    ['ap-southeast-1', 40],
  ])('%s begins its rounds %i seconds later, by a message that waits', (vantage, seconds) => {
    const stack = stackOf(vantage);
    stack.hasResourceProperties('AWS::SQS::Queue', {
      DelaySeconds: seconds,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 1 }),
    });
    stack.hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 1 });
  });

  test('the first vantage waits for nothing', () => {
    stackOf('us-east-1').resourceCountIs('AWS::Lambda::EventSourceMapping', 0);
  });

  test('nobody waits where the config says so', () => {
    const together = { ...config, policy: { ...config.policy, stagger: false } };
    stackOf('eu-west-1', synthesise(together).probes).resourceCountIs('AWS::Lambda::EventSourceMapping', 0);
  });
});
