import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
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
      expect(grantsOf(template, named)).toEqual([
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
