import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { grantsOf, sampleConfig, statementsOf, synthesise } from './synthesis.ts';

const config = sampleConfig();
const { home, probes } = synthesise(config);
const named = 'smtp-quorum-posture';
const second = 'smtp-quorum-second-posture';
const functionsOf = (template: Template) =>
  Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.FunctionName);

describe('the posture function', () => {
  test('runs in the home region and in one more', () => {
    expect(functionsOf(home)).toContain(named);
    const others = [...probes].filter(([, probe]) => functionsOf(probe).includes(second));
    expect(others.map(([vantage]) => vantage)).toEqual(['eu-west-1']);
  });

  test('runs in the home region also if that is no vantage', () => {
    const fleet = synthesise({ ...config, policy: { ...config.policy, vantages: ['eu-west-1', 'ap-southeast-1'] } });
    expect(functionsOf(fleet.home)).toContain(named);
    const others = [...fleet.probes].filter(([, probe]) => functionsOf(probe).includes(second));
    expect(others.map(([vantage]) => vantage)).toEqual(['eu-west-1']);
  });

  test.each([
    ['home', home],
    ['eu-west-1', probes.get('eu-west-1') as Template],
  ])('in %s it is started each quarter of an hour, within ten minutes', (_, template) => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(2/15 * * * ? *)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 10 },
      Target: Match.objectLike({
        Input: '{"scheduled":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: Match.objectLike({ MaximumRetryAttempts: 0 }),
      }),
    });
  });

  test.each([
    ['home', home, named],
    ['eu-west-1', probes.get('eu-west-1') as Template, second],
  ])(
    'in %s it reads its items, what was served and what trips have shown, writes its items, puts its event, reads its keys',
    (_, template, name) => {
      expect(grantsOf(template, name)).toEqual([
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:Query',
        'events:PutEvents',
        'secretsmanager:GetSecretValue',
      ]);
      const keys = statementsOf(template, name).filter(({ Action }) => Action.includes('dynamodb:Query'));
      expect(keys.map(({ Condition }) => Condition)).toEqual([
        { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['posture#*', 'posture-watch'] } },
        { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['round#*', 'trip#*'] } },
      ]);
    },
  );

  test('goes off when no run ended well for two hours', () => {
    home.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'smtp-quorum-posture-silent',
      EvaluationPeriods: 2,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'runs - errors' })]),
    });
  });

  test('an alarm of the second region goes home by the rule that has the others', () => {
    const probe = probes.get('eu-west-1') as Template;
    const [alarm] = Object.keys(
      probe.findResources('AWS::CloudWatch::Alarm', {
        Properties: { AlarmName: 'smtp-quorum-second-posture-silent' },
      }),
    );
    probe.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { resources: Match.arrayWith([{ 'Fn::GetAtt': [alarm, 'Arn'] }]) },
    });
  });
});

test('a region that becomes the home has nothing of the same name in both stacks', () => {
  const moved = synthesise({ ...config, home: 'eu-west-1' });
  const probe = probes.get('eu-west-1') as Template;
  expect(functionsOf(moved.home).filter((name) => functionsOf(probe).includes(name))).toEqual([]);
  const alarmsOf = (template: Template) =>
    Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmName);
  expect(alarmsOf(moved.home).filter((name) => alarmsOf(probe).includes(name))).toEqual([]);
});

test.each([
  ['`posture: false`', 'posture: false\ntargets: [{ id: inbound, domain: example.com }]'],
  ['no domain', 'targets: [{ id: inbound, host: mx1.example.com }]'],
])('with %s nothing of it is left', (_, rest) => {
  const without = sampleConfig(
    `home: us-east-1\nvantages: [us-east-1, eu-west-1]\nehloName: probe.example.com\nlistKeys: { spamhaus: { secret: lists/spamhaus } }\n${rest}\n`,
  );
  const fleet = synthesise(without);
  for (const template of [fleet.home, ...fleet.probes.values()]) {
    expect(Object.keys(template.toJSON().Resources).filter((id) => id.startsWith('Posture'))).toEqual([]);
    expect(JSON.stringify(template.toJSON())).not.toContain('lists/spamhaus');
    expect(functionsOf(template).filter((name) => name.includes('posture'))).toEqual([]);
  }
});
