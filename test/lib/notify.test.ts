import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { receiverId } from '../../lambda/alert/channels/channel-ids.ts';
import { serviceKinds } from '../../lambda/config/channel.ts';
import { configFor } from '../../lib/function/code.ts';
import { phoneOrigins } from '../../lib/home/phone-origins.ts';
import { grantsOf, sampleConfig, statementsOf, synthesise } from './synthesis.ts';

const yaml = (notify: string) => `
home: us-east-1
vantages: [us-east-1, eu-west-1]
ehloName: probe.example.com
targets: [{ id: mx1, host: mx1.example.com }]
notify:
${notify}
`;
const config = sampleConfig(
  yaml(`
  - email: ops@example.com
  - webhook: https://hooks.example.com/mail
    signature: { secret: hooks/key }
  - pagerduty: { routingKey: { secret: pagerduty/mail }, webhookSecret: { secret: pagerduty/webhook } }
  - jsm: { apiKey: { secret: jsm/key } }
  - amazonQ: { topicArn: "arn:aws:sns:eu-west-1:123456789012:mail-chat" }
  - phone: { number: "+15555550100", from: pool-0123456789abcdef0123456789abcdef }
`),
);
const { home } = synthesise(config);

const ruleOf = (template: Template, description: string) =>
  Object.values(template.findResources('AWS::Events::Rule', { Properties: { Description: description } }))[0]
    ?.Properties.EventPattern;

/** Whether EventBridge would match a channel, by the prefixes of the pattern. */
function takes(pattern: { detail?: { channel: { prefix: string }[] } }, channel: string): boolean {
  return pattern.detail === undefined || pattern.detail.channel.some(({ prefix }) => channel.startsWith(prefix));
}

describe('the function of services', () => {
  test('has a queue of its own, with six times its timeout, and hands what fails over', () => {
    home.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'smtp-quorum-notify', Timeout: 60 });
    home.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'smtp-quorum-service-deliveries',
      VisibilityTimeout: 360,
      RedrivePolicy: {
        maxReceiveCount: 3,
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Undelivered'), 'Arn'] },
      },
    });
    home.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 5 },
      FunctionName: { Ref: Match.stringLikeRegexp('^Notify') },
    });
  });

  test('every channel is carried by exactly one rule', () => {
    const [deliver, notify] = [
      ruleOf(home, 'A channel has alerts to deliver'),
      ruleOf(home, 'A service has alerts to deliver'),
    ];
    const ids = [...config.notify.map(receiverId).filter((id) => !id.startsWith('email:')), 'topic'];
    for (const id of ids) {
      const isService = serviceKinds.some((kind) => id.startsWith(`${kind}:`));
      expect([id, takes(deliver, id), takes(notify, id)]).toEqual([id, !isService, isService]);
    }
    expect(ids).toHaveLength(6);
  });

  test('may do no more than it has to', () => {
    expect([...new Set(grantsOf(home, 'smtp-quorum-notify'))]).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'events:PutEvents',
      'secretsmanager:GetSecretValue',
      'sms-voice:SendVoiceMessage',
      'sns:Publish',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
    const text = JSON.stringify(statementsOf(home, 'smtp-quorum-notify'));
    for (const name of ['pagerduty/mail', 'jsm/key', 'pool/pool-0123456789abcdef0123456789abcdef'])
      expect(text).toContain(name);
    expect(text).not.toMatch(/hooks\/key|pagerduty\/webhook/);
    // Only who checks acknowledgements reads what they are checked with.
    const answer = JSON.stringify(statementsOf(home, 'smtp-quorum-answer'));
    expect(answer).toContain('pagerduty/webhook');
    expect(answer).not.toMatch(/pagerduty\/mail|jsm\/key|hooks\/key/);
    expect(JSON.stringify(statementsOf(home, 'smtp-quorum-deliver'))).toContain('hooks/key');
  });

  test('the judge is deployed after those who deliver what it hands over', () => {
    const [judge] = Object.values(
      home.findResources('AWS::Lambda::Function', { Properties: { FunctionName: 'smtp-quorum-judge' } }),
    );
    const functionNamed = (name: string) =>
      Object.keys(home.findResources('AWS::Lambda::Function', { Properties: { FunctionName: name } }))[0];
    expect(judge?.DependsOn).toEqual(
      expect.arrayContaining([functionNamed('smtp-quorum-deliver'), functionNamed('smtp-quorum-notify')]),
    );
  });

  test('has an alarm', () => {
    home.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'smtp-quorum-notify-errors' });
  });

  test('has the numbers that it calls, and neither addresses nor URLs', () => {
    const text = JSON.stringify(configFor('notify', config));
    expect(text).toContain('+15555550100');
    expect(text).not.toMatch(/ops@example|hooks\.example\.com\/mail/);
    for (const other of ['judge', 'deliver', 'probe', 'rollup'] as const)
      expect(JSON.stringify(configFor(other, config))).not.toContain('+15555550100');
  });
});

test('without services nothing of it is there, and one function hears of every channel', () => {
  const none = synthesise(sampleConfig()).home;
  expect(JSON.stringify(none.toJSON())).not.toMatch(/smtp-quorum-notify|service-deliveries|sms-voice/);
  expect(ruleOf(none, 'A channel has alerts to deliver')).toEqual({
    source: ['smtp-quorum'],
    'detail-type': ['Delivery Due'],
  });
});

test.each([
  ['+15555550101', 'phone-number/*'],
  ['phone-0123456789abcdef0123456789abcdef', 'phone-number/phone-0123456789abcdef0123456789abcdef'],
  ['pool-0123456789abcdef0123456789abcdef', 'pool/pool-0123456789abcdef0123456789abcdef'],
])('calls from %s may be made from %s', (from, resource) => {
  const notify = [{ kind: 'phone', number: '+15555550100', from, voice: 'AMY', mostPerMinute: 0.1, when: [] }] as const;
  expect(phoneOrigins({ notify, home: 'us-east-1' })).toEqual([expect.stringMatching(/:sms-voice:us-east-1:/)]);
  expect(phoneOrigins({ notify, home: 'us-east-1' })[0]?.endsWith(`:${resource}`)).toBe(true);
});

test('an ARN stands for itself', () => {
  const from = 'arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1';
  const notify = [{ kind: 'phone', number: '+15555550100', from, voice: 'AMY', mostPerMinute: 0.1, when: [] }] as const;
  expect(phoneOrigins({ notify, home: 'us-east-1' })).toEqual([from]);
});
