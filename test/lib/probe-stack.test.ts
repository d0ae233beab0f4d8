import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { grantsOf, sampleConfig, statementsOf, synthesise } from './synthesis.ts';

const config = sampleConfig();
const { probes } = synthesise(config);
const vantages = [...probes];

test('there is one stack per vantage', () => {
  expect([...probes.keys()]).toEqual(['us-east-1', 'eu-west-1', 'ap-southeast-1']);
});

test.each(vantages)('%s probes each minute; a round that failed is not run again', (_, stack) => {
  stack.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(*/1 * * * ? *)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } }),
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
        SMTP_QUORUM_CONFIG: 'config.json',
      },
    },
  });
});

test.each(vantages)('%s may write its own rounds, say so, and read its secret', (vantage, stack) => {
  expect(grantsOf(stack, 'smtp-quorum-probe')).toEqual([
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'events:PutEvents',
    'secretsmanager:GetSecretValue',
  ]);
  const own = statementsOf(stack, 'smtp-quorum-probe').find(({ Action }) => Action.includes('dynamodb:PutItem'));
  expect(own?.Condition).toEqual({
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [`round#${vantage}`, 'vantages'] },
  });
});

test.each(vantages)('%s looks at once when the judge asks it', (vantage, stack) => {
  stack.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'detail-type': ['Second Opinion Wanted'], detail: { vantages: [vantage] } },
    Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } })],
  });
});

test('a fleet without passwords may read no secret', () => {
  const plain = { ...config, targets: config.targets.filter(({ auth }) => auth === undefined) };
  const [stack] = synthesise(plain).probes.values();
  expect(stack && grantsOf(stack, 'smtp-quorum-probe')).toEqual([
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'events:PutEvents',
  ]);
});
