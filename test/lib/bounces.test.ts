import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { SES_EVENTS } from '../../lambda/bounces/ses/event.ts';
import { grantsOf, mailConfig, sampleConfig, statementsOf, synthesise } from './synthesis.ts';

const config = sampleConfig();
const { home, probes } = synthesise(config);
const named = 'smtp-quorum-bounces';
const functionsOf = (template: typeof home) =>
  Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.FunctionName);

describe('the function of bounces', () => {
  test('runs in the home region alone', () => {
    expect(functionsOf(home)).toContain(named);
    expect([...probes.values()].flatMap(functionsOf)).not.toContain(named);
  });

  test.each([
    ['without `bounces`', undefined],
    [
      'without SES as a source',
      { policy: { warn: 0.01, fail: 0.02, atLeast: 50, complaints: 0.001 }, ses: false, logs: ['x'] },
    ],
  ])('is not there %s, nor is its queue, its rule or an alarm', (_, bounces) => {
    const { bounces: _bounces, ...rest } = config;
    const other = synthesise(bounces === undefined ? rest : { ...rest, bounces }).home;
    const text = JSON.stringify(other.toJSON());
    expect(functionsOf(other)).not.toContain(named);
    expect(text).not.toContain('aws.ses');
    expect(text).not.toMatch(/bounce-events|bounces-late|bounces-errors/);
  });

  test('is started by a queue, with the events of a minute, by two at once', () => {
    home.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1_000,
      MaximumBatchingWindowInSeconds: 60,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    home.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'smtp-quorum-bounce-events',
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 86_400,
      VisibilityTimeout: 420,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
    });
  });

  test('a rule on the default bus passes the events of SES that are read, and no others', () => {
    const rules = Object.values(home.findResources('AWS::Events::Rule')).filter(
      ({ Properties }) => Properties.EventPattern?.source?.[0] === 'aws.ses',
    );
    expect(rules.map(({ Properties }) => [Properties.EventBusName, Properties.EventPattern['detail-type']])).toEqual([
      [undefined, Object.keys(SES_EVENTS)],
    ]);
  });

  test('may count, and say that it did', () => {
    expect(grantsOf(home, named).filter((action) => !action.startsWith('sqs:'))).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'events:PutEvents',
    ]);
    const [items] = statementsOf(home, named).filter(({ Action }) => Action.includes('dynamodb:PutItem'));
    expect(items?.Condition).toEqual({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['bounces'] } });
  });

  test('what it says wakes the judge', () => {
    home.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['smtp-quorum'], 'detail-type': Match.arrayWith(['Bounces Recorded']) },
    });
  });
});

describe('the function that reads bounce mailboxes', () => {
  const reader = 'smtp-quorum-bounce-mailbox';
  const whole = synthesise(mailConfig());

  test('runs in the home region alone, each five minutes', () => {
    expect(functionsOf(whole.home)).toContain(reader);
    expect([...whole.probes.values()].flatMap(functionsOf)).not.toContain(reader);
    whole.home.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(*/5 * * * ? *)',
      Description: 'Reads bounce mailboxes',
      Target: Match.objectLike({ RetryPolicy: Match.objectLike({ MaximumRetryAttempts: 0 }) }),
    });
  });

  test('counts, stores what it read, says that it counted, and reads its secrets alone', () => {
    expect(grantsOf(whole.home, reader)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'events:PutEvents',
      'secretsmanager:GetSecretValue',
    ]);
    const statements = statementsOf(whole.home, reader);
    const items = statements.find(({ Action }) => Action.includes('dynamodb:PutItem'));
    expect(items?.Condition).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['bounces', 'bounce-mailboxes'] },
    });
    const secrets = JSON.stringify(statements.find(({ Action }) => Action === 'secretsmanager:GetSecretValue'));
    expect(secrets).toContain('bounces/mailbox');
    expect(secrets).not.toMatch(/smtp.probe|trips/);
    expect(grantsOf(whole.home, named)).not.toContain('secretsmanager:GetSecretValue');
  });

  test('goes off when no run read all of them for an hour', () => {
    whole.home.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'smtp-quorum-bounce-mailbox-silent',
      EvaluationPeriods: 2,
      TreatMissingData: 'breaching',
    });
  });

  test('is there without SES, too; without a mailbox it is not', () => {
    const { bounces, ...rest } = mailConfig();
    const mailboxes = bounces?.mailboxes ?? [];
    const policy = { warn: 0.01, fail: 0.02, atLeast: 50, complaints: 0.001 };
    const alone = synthesise({ ...rest, bounces: { policy, ses: false, logs: [], mailboxes } }).home;
    expect(functionsOf(alone)).toContain(reader);
    expect(functionsOf(alone)).not.toContain(named);
    expect(functionsOf(home)).not.toContain(reader);
    expect(JSON.stringify(home.toJSON())).not.toContain('bounce-mailbox');
  });

  test('a password of this machine cannot be deployed', () => {
    const { bounces, ...rest } = mailConfig();
    const mailboxes = (bounces?.mailboxes ?? []).map((one) => ({ ...one, password: { env: 'BOUNCES' } }));
    const local = { ...rest, ...(bounces === undefined ? {} : { bounces: { ...bounces, mailboxes } }) };
    expect(() => synthesise(local)).toThrow(
      'the password of the mailbox at imap.example.com by env works on one machine only',
    );
  });
});
