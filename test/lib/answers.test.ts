import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { configFor } from '../../lib/function/code.ts';
import { account, deployFleet } from './iam/fleet.ts';
import { type Call, roleMay } from './iam/simulate.ts';
import { grantsOf, sampleConfig, synthesise } from './synthesis.ts';

const named = 'smtp-quorum-answer';

const fleet = (more: string) =>
  sampleConfig(`
home: us-east-1
vantages: [us-east-1, eu-west-1]
ehloName: probe.example.com
targets: [{ id: mx1, host: mx1.example.com, auth: { user: a@example.com, password: { secret: smtp/probe } } }]
${more}`);

const slack =
  'notify: [{ slack: { channel: C0123ABCD45, token: { secret: alerts/slack }, signingSecret: { secret: alerts/signing } } }]';
const links = 'answers: { linkKey: { secret: alerts/links } }';
const config = fleet(`${slack}\n${links}`);
const { home, probes } = synthesise(config);

describe('the function that takes answers', () => {
  test.each([
    ['without buttons and links', 'notify: [{ email: ops@example.com }]'],
    ['with Slack, but no buttons', 'notify: [{ slack: { channel: C0123ABCD45, token: { secret: alerts/slack } } }]'],
    ['with `answers` that say nothing', 'answers: {}'],
  ])('is not there %s, nor is a URL, an alarm or an output', (_, more) => {
    const text = JSON.stringify(synthesise(fleet(more)).home.toJSON());
    expect(text).not.toMatch(/smtp-quorum-answer|Lambda::Url|AnswersUrl|answers-/);
  });

  test('is there without a URL for the custom action of Amazon Q, which IAM permits', () => {
    const { home: own } = synthesise(
      fleet('notify: [{ amazonQ: { topicArn: "arn:aws:sns:us-east-1:123456789012:chat" } }]'),
    );
    own.hasResourceProperties('AWS::Lambda::Function', { FunctionName: named });
    own.resourceCountIs('AWS::Lambda::Url', 0);
    const open = Object.values(own.findResources('AWS::Lambda::Permission')).map(
      ({ Properties }) => Properties.Principal,
    );
    expect(open).not.toContain('*');
  });

  test.each([slack, links])('is there with %s', (more) => {
    synthesise(fleet(more)).home.resourceCountIs('AWS::Lambda::Url', 1);
  });

  test('has a URL that anybody may call, in the home region alone, and runs few at once', () => {
    home.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE' });
    home.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: named,
      ReservedConcurrentExecutions: 3,
      Timeout: 10,
    });
    home.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE',
      Principal: '*',
    });
    home.hasOutput('AnswersUrl', { Value: Match.anyValue() });
    for (const probe of probes.values()) probe.resourceCountIs('AWS::Lambda::Url', 0);
  });

  test('nothing may be called by anybody but through that URL', () => {
    const open = Object.values(home.findResources('AWS::Lambda::Permission')).filter(
      ({ Properties }) => Properties.Principal === '*',
    );
    for (const { Properties } of open) {
      const isUrl = Properties.Action === 'lambda:InvokeFunctionUrl' && Properties.FunctionUrlAuthType === 'NONE';
      const isThroughUrl = Properties.Action === 'lambda:InvokeFunction' && Properties.InvokedViaFunctionUrl === true;
      expect(isUrl || isThroughUrl).toBe(true);
    }
    // Both are required since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    expect(open.map(({ Properties }) => Properties.Action).sort()).toEqual([
      'lambda:InvokeFunction',
      'lambda:InvokeFunctionUrl',
    ]);
  });

  test.each(['answers-errors', 'answers-throttled'])('has the alarm %s', (key) => {
    home.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `smtp-quorum-${key}`,
      AlarmDescription: Match.stringLikeRegexp(`Runbook: docs/runbook.md#${key}`),
      Threshold: 0,
    });
  });

  test('has of the config only the channels that answer', () => {
    const text = JSON.stringify(
      configFor(
        'answer',
        fleet(
          `notify:\n  - email: ops@example.com\n  - webhook: https://hooks.example.com/mail\n  - slack: { channel: C0123ABCD45, token: { secret: a }, signingSecret: { secret: b } }`,
        ),
      ),
    );
    expect(text).not.toMatch(/ops@example|hooks\.example|mx1|smtp\/probe/);
    expect(text).toContain('C0123ABCD45');
  });
});

describe('what it may do', () => {
  const { home: stack } = deployFleet({ config });
  const table = stack.arn('Table');
  const item = (action: string, ...keys: string[]): Call => ({
    action: `dynamodb:${action}`,
    resource: table,
    context: { 'dynamodb:LeadingKeys': keys },
  });
  const secret = (name: string): Call => ({
    action: 'secretsmanager:GetSecretValue',
    resource: `arn:aws:secretsmanager:us-east-1:${account}:secret:${name}-AbCdEf`,
    context: {},
  });

  test('is reading and writing verdicts and mutes, and reading three secrets', () => {
    expect(grantsOf(home, named)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'secretsmanager:GetSecretValue',
    ]);
  });

  const partitions = ['verdicts', 'posture-verdicts', 'trip-verdicts', 'bounce-verdicts', 'drills', 'mutes'];
  test.each([
    ...partitions.flatMap((pk) => [item('GetItem', pk), item('PutItem', pk)]),
    item('Query', 'notifications'),
    secret('alerts/signing'),
    secret('alerts/links'),
  ])('may: $action $context', async (call) => {
    expect(await roleMay(stack, 'AnswerRole', call)).toBe(true);
  });

  test.each([
    item('Query', 'verdicts'),
    item('DeleteItem', 'verdicts'),
    item('PutItem', 'verdicts', 'delivery#topic'),
    item('PutItem', 'delivery#topic'),
    item('GetItem', 'channels'),
    item('PutItem', 'target#mx1'),
    item('GetItem', 'round#us-east-1'),
    item('PutItem', 'windows'),
    item('PutItem', 'notifications'),
    { action: 'dynamodb:Scan', resource: table, context: {} },
    { action: 'sns:Publish', resource: stack.arn('Alerts'), context: {} },
    {
      action: 'events:PutEvents',
      resource: stack.arn('Bus'),
      context: { 'events:source': ['smtp-quorum'], 'events:detail-type': ['Target Down'] },
    },
    // The token that posts is for the function that posts.
    secret('alerts/slack'),
    secret('smtp/probe'),
  ])('must not: $action $context', async (call) => {
    expect(await roleMay(stack, 'AnswerRole', call)).toBe(false);
  });
});
