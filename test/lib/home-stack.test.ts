import { RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { subscriberId } from '../../lambda/alert/channels/channel-ids.ts';
import type { Config } from '../../lambda/config/config.ts';
import { grantsOf, sampleConfig, statementsOf, synthesise } from './synthesis.ts';

const { home } = synthesise(sampleConfig());

describe('the table', () => {
  test('is on demand, protected, and can be restored to any second', () => {
    home.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      Properties: {
        TableName: 'smtp-quorum',
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });

  test('goes with its stack when asked to', () => {
    const { home } = synthesise(sampleConfig(), { removalPolicy: RemovalPolicy.DESTROY });
    home.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Delete',
      Properties: { Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })] },
    });
  });
});

describe('the topic of alerts', () => {
  test.each([
    { kind: 'email', protocol: 'email', endpoint: 'ops@example.com' },
    { kind: 'sms', protocol: 'sms', endpoint: '+15555550100' },
  ] as const)('sends $kind what is addressed to it, also what the previous release addresses', (one) => {
    const { kind, protocol, endpoint } = one;
    const id = subscriberId(kind === 'email' ? { kind, address: endpoint } : { kind, number: endpoint });
    home.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: protocol,
      Endpoint: endpoint,
      FilterPolicy: { channels: [id] },
    });
  });

  test('has one subscription of an address that several entries name', () => {
    const steps: Config['notify'] = [
      { kind: 'email', address: 'ops@example.com', when: ['down'] },
      { kind: 'email', address: 'ops@example.com', when: ['down'], after: 600_000 },
    ];
    const { home: stack } = synthesise({ ...sampleConfig(), notify: steps });
    const found = Object.values(stack.findResources('AWS::SNS::Subscription')) as {
      Properties: { Endpoint: unknown };
    }[];
    expect(found.filter(({ Properties }) => Properties.Endpoint === 'ops@example.com')).toHaveLength(1);
  });

  test('is encrypted, and refuses what does not come by TLS', () => {
    home.hasResourceProperties('AWS::SNS::Topic', {
      TopicName: 'smtp-quorum-alerts',
      // As an ARN it would not be made where the account has never had it.
      KmsMasterKeyId: 'alias/aws/sns',
    });
    home.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('keeps the URL of a webhook out of the template: it is often the secret', () => {
    expect(JSON.stringify(home.toJSON())).not.toContain('hooks.example.com');
  });
});

describe('the judge', () => {
  test('is woken by news and, where there is none, by its schedule', () => {
    home.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['smtp-quorum'],
        'detail-type': ['Round Recorded', 'Posture Recorded', 'Bounces Recorded', 'Trip Recorded'],
      },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
    home.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(*/1 * * * ? *)',
      Target: Match.objectLike({ Input: '{"scheduled":"<aws.scheduler.scheduled-time>"}' }),
    });
  });

  test('may read and write the table, put events, and nothing else', () => {
    expect(grantsOf(home, 'smtp-quorum-judge')).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'events:PutEvents',
      'events:PutEvents',
      'events:PutEvents',
      'sqs:SendMessage',
    ]);
  });

  test('the deliverer may read and write deliveries, publish to the topic and list its subscriptions, put events, and nothing else', () => {
    expect(grantsOf(home, 'smtp-quorum-deliver')).toEqual([
      'dynamodb:GetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'events:PutEvents',
      'sns:ListSubscriptionsByTopic',
      'sns:Publish',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
  });

  test.each([
    [
      'smtp-quorum-judge',
      'dynamodb:Query',
      [
        'verdicts',
        'channels',
        'round#*',
        'posture#*',
        'posture-watch',
        'posture-verdicts',
        'trip-verdicts',
        'bounces',
        'bounce-verdicts',
        'notifications',
        'mutes',
        'windows',
        'drills',
      ],
    ],
    [
      'smtp-quorum-judge',
      'dynamodb:PutItem',
      [
        'verdicts',
        'channels',
        'target#*',
        'delivery#*',
        'posture-verdicts',
        'trip-verdicts',
        'bounces',
        'bounce-verdicts',
        'notifications',
        'mutes',
        'windows',
        'drills',
      ],
    ],
    ['smtp-quorum-deliver', 'dynamodb:Query', ['channels', 'delivery#*']],
    ['smtp-quorum-deliver', 'dynamodb:PutItem', ['channels', 'delivery#*']],
    ['smtp-quorum-rollup', 'dynamodb:Query', ['round#*', 'target#*', 'rollup']],
    ['smtp-quorum-rollup', 'dynamodb:PutItem', ['target#*', 'rollup']],
  ])('%s: %s of %j only', (name, action, keys) => {
    const statements = statementsOf(home, name).filter(({ Action }) => Action.includes(action));
    expect(statements.map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
    ]);
  });

  test('is granted no wildcard', () => {
    const resources = statementsOf(home, 'smtp-quorum-judge').map(({ Resource }) => JSON.stringify(Resource));
    expect(resources.filter((resource) => resource.includes('*'))).toEqual([]);
  });
});

describe('deliveries', () => {
  test('the event of the judge goes to a queue, and the queue starts one delivery at a time for each channel', () => {
    home.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['smtp-quorum'], 'detail-type': ['Delivery Due'] },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
    // The topic and one webhook.
    home.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 3 },
    });
  });

  test('a message is invisible for six times the timeout of the function, and then a dead letter', () => {
    home.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'smtp-quorum-deliver', Timeout: 60 });
    home.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'smtp-quorum-deliveries',
      VisibilityTimeout: 360,
      RedrivePolicy: { maxReceiveCount: 3 },
      SqsManagedSseEnabled: true,
    });
  });
});

describe('a second opinion', () => {
  const judged = (secondOpinion: boolean) => {
    const config = sampleConfig();
    return synthesise({ ...config, policy: { ...config.policy, secondOpinion } }).home;
  };
  const asks = (template: typeof home) =>
    statementsOf(template, 'smtp-quorum-judge').filter(({ Condition }) =>
      JSON.stringify(Condition ?? {}).includes('Second Opinion Wanted'),
    );

  test('is asked for by the judge itself, on the bus of each region and on that of the release before', () => {
    const buses = asks(home).map(({ Resource }) => JSON.stringify(Resource));
    expect(buses).toHaveLength(2);
    for (const bus of buses) for (const region of ['eu-west-1', 'us-east-1']) expect(bus).toContain(`:${region}:`);
    expect(buses.map((bus) => bus.includes('event-bus/smtp-quorum-opinions'))).toEqual([true, false]);
    home.resourcePropertiesCountIs(
      'AWS::Events::Rule',
      { EventPattern: { 'detail-type': ['Second Opinion Wanted'] } },
      0,
    );
  });

  test('that nobody wants needs no right to ask', () => {
    expect(asks(judged(false))).toEqual([]);
    expect(JSON.stringify(judged(false).toJSON())).not.toContain('opinions');
  });
});

test('only EventBridge takes on the roles of its rules, and only for this account', () => {
  const roles = Object.values(home.findResources('AWS::IAM::Role')).map(({ Properties }) => Properties);
  const carriers = roles.filter(({ Description = '' }) => Description.startsWith('Publishes changes of alarms'));
  expect(carriers).toHaveLength(2);
  for (const { AssumeRolePolicyDocument } of carriers) {
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  }
});

test('a status page may read what was decided, and nothing else', () => {
  const [policy, ...others] = Object.entries(home.findResources('AWS::IAM::ManagedPolicy'));
  expect(others).toEqual([]);
  expect(policy?.[1].Properties.PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:Query'],
      Resource: expect.anything(),
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['verdicts', 'target#*'] } },
    },
  ]);
  home.hasOutput('StatusReaderPolicyArn', { Value: { Ref: policy?.[0] } });
});

test('logs are kept for a month, each function has its own', () => {
  const groups = home.findResources('AWS::Logs::LogGroup');
  expect(Object.values(groups).map(({ Properties }) => Properties.RetentionInDays)).toEqual(
    Object.values(home.findResources('AWS::Lambda::Function')).map(() => 30),
  );
});
