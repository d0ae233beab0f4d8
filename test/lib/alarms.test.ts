import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Annotations, Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../lambda/config/config.ts';
import { answerUsage } from '../../lambda/reports/cost/answer-usage.ts';
import { bounceFleet, bounceUsage } from '../../lambda/reports/cost/bounce-usage.ts';
import { postureFleet, postureUsage } from '../../lambda/reports/cost/posture-usage.ts';
import { ALARM_METRICS } from '../../lambda/reports/cost/prices.ts';
import { tripFleet, tripUsage } from '../../lambda/reports/cost/trip-usage.ts';
import { SmtpQuorum } from '../../lib/smtp-quorum.ts';
import { mailConfig, sampleConfig, synthesise } from './synthesis.ts';

const config = sampleConfig();
const { home, probes } = synthesise(config);

function alarmsOf(template: Template): string[] {
  return Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmName);
}

/** Metrics that the alarms watch; one of its own, or those of its expression. */
function watchedBy(template: Template): number {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  const metrics = alarms.map(
    ({ Properties: { Metrics } }) => Metrics?.filter((one: object) => 'MetricStat' in one).length ?? 1,
  );
  return metrics.reduce((sum: number, one: number) => sum + one, 0);
}

test('as many metrics are watched as the bill says', () => {
  const notify = config.notify.filter(({ kind }) => kind !== 'sms');
  const { posture: _, bounces: _bounces, answers: _answers, ...plain } = config;
  const withoutSms = synthesise({ ...plain, notify });
  const whole = mailConfig();
  const withAll = synthesise({ ...whole, notify });
  const fleet = postureFleet(whole);
  const postureMetrics = fleet && postureUsage(fleet).find(({ unit }) => unit === 'alarmMetric')?.quantity;
  const [mail, trips] = [bounceFleet(whole), tripFleet(whole)];
  const mailUsage = [...(mail ? bounceUsage(mail) : []), ...(trips ? tripUsage(trips) : [])];
  const mailMetrics = mailUsage.filter(({ unit }) => unit === 'alarmMetric').map(({ quantity }) => quantity);
  // Of events, of mailboxes and of round trips.
  expect(mailMetrics).toEqual([2, 2, 2 * 3]);
  const all = [withAll.home, ...withAll.probes.values()].map(watchedBy).reduce((sum, one) => sum + one, 0);
  const answerMetrics = answerUsage().reduce((sum, { quantity }) => sum + quantity, 0);
  expect(all).toBe(
    ALARM_METRICS.home + 3 * ALARM_METRICS.vantage + (postureMetrics ?? Number.NaN) + 10 + answerMetrics,
  );
  expect(watchedBy(withoutSms.home)).toBe(ALARM_METRICS.home);
  for (const probe of withoutSms.probes.values()) expect(watchedBy(probe)).toBe(ALARM_METRICS.vantage);
});

describe('the runbook', () => {
  test('has a section for each alarm, and none for what is no alarm', () => {
    const service = { kind: 'jsm', apiKey: { secret: 'jsm' }, url: 'https://jsm.example.com', when: ['down'] } as const;
    const mail = mailConfig();
    const whole = synthesise({ ...mail, notify: [...mail.notify, service], statusPage: { access: 'public' } });
    const raised = new Set([whole.home, ...whole.probes.values()].flatMap(alarmsOf));
    const text = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
    const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, key]) => `smtp-quorum-${key}`);
    expect([...raised].sort()).toEqual(sections.sort());
  });

  test('is what the alarm says', () => {
    home.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'smtp-quorum-alert-owed',
      AlarmDescription: Match.stringLikeRegexp('^An alert has been pending .* Runbook: docs/runbook.md#alert-owed$'),
    });
  });
});

test('a judge or a vantage of which nothing is heard is taken for broken', () => {
  for (const [template, name] of [
    [home, 'judge-silent'],
    ...[...probes.values()].map((probe) => [probe, 'vantage-silent']),
  ] as [Template, string][]) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `smtp-quorum-${name}`,
      TreatMissingData: 'breaching',
      EvaluationPeriods: 3,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      // Of our own metric, which is there once a round ended well; nothing is filled in for what comes late.
      Namespace: 'smtp-quorum',
      Statistic: 'SampleCount',
    });
  }
});

test.each([
  [1, 300],
  [5, 300],
  [15, 900],
])(
  'with rounds of %i minutes, errors are counted by %i seconds: two rounds that fail follow one another',
  (minutes, period) => {
    const slow = { ...config, policy: { ...config.policy, every: minutes * 60_000 } };
    const fleet = synthesise(slow);
    for (const [template, name] of [
      [fleet.home, 'judge-errors'],
      ...[...fleet.probes.values()].map((probe) => [probe, 'probe-errors']),
    ] as [Template, string][]) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `smtp-quorum-${name}`,
        Period: period,
        EvaluationPeriods: 2,
      });
    }
  },
);

test('what could not be delivered is alarmed in every region, under a name of its own: home has a vantage, too', () => {
  const names = [home, ...probes.values()].map((template) =>
    alarmsOf(template).filter((name) => name.includes('undelivered')),
  );
  expect(names).toEqual([
    ['smtp-quorum-undelivered-events'],
    ...[...probes].map(() => ['smtp-quorum-undelivered-rounds']),
  ]);
});

test('who does not send SMS hears nothing of their price', () => {
  const silent = { ...config, notify: config.notify.filter(({ kind }) => kind !== 'sms') };
  expect(alarmsOf(synthesise(silent).home)).not.toContain('smtp-quorum-sms-spend');
});

describe('the operators', () => {
  test('hear every alarm of the home region from CloudWatch itself, and its end by a rule', () => {
    const alarms = home.findResources('AWS::CloudWatch::Alarm');
    for (const { Properties } of Object.values(alarms)) {
      expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringContaining('Operators') }]);
      expect(Properties.OKActions).toBeUndefined();
    }
    home.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        resources: Object.keys(alarms).map((alarm) => ({ 'Fn::GetAtt': [alarm, 'Arn'] })),
        detail: { state: { value: ['OK'] }, previousState: { value: ['ALARM'] } },
      },
      Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('Operators') } })],
    });
  });

  test('hear nothing of the first look at a new alarm of a vantage', () => {
    home.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        detail: { state: { value: ['ALARM', 'OK'] }, previousState: { value: ['ALARM', 'OK'] } },
      },
    });
  });

  test('are reached: the topic lets each alarm publish and nothing else, and each rule has a role that may', () => {
    const account = { Ref: 'AWS::AccountId' };
    const idOf = ({ Ref = '' }: { Ref?: string }) => Ref;
    const alarms = Object.entries(home.findResources('AWS::CloudWatch::Alarm'));
    const rules = Object.entries(home.findResources('AWS::Events::Rule'));
    const topics = new Set(Object.keys(home.findResources('AWS::SNS::Topic')));
    const publishers = alarms.flatMap(([id, { Properties }]) =>
      [...(Properties.AlarmActions ?? []), ...(Properties.OKActions ?? [])].map((action) => [id, idOf(action)]),
    );
    expect(publishers.length).toBe(alarms.length);
    const targets = rules
      .flatMap(([, { Properties }]) => Properties.Targets)
      .filter(({ Arn }: { Arn: object }) => topics.has(idOf(Arn)));
    const granted = Object.values(home.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) =>
      Properties.Roles.map((role: object) => [idOf(role), Properties.PolicyDocument.Statement] as const),
    );
    expect(targets).toHaveLength(2);
    for (const { Arn, RoleArn } of targets) {
      const statement = { Effect: 'Allow', Action: 'sns:Publish', Resource: Arn };
      expect(granted).toContainEqual([RoleArn['Fn::GetAtt'][0], [statement]]);
    }
    const policies = Object.values(home.findResources('AWS::SNS::TopicPolicy'));
    for (const [source, topic] of publishers) {
      const statements = policies
        .filter(({ Properties }) => Properties.Topics.some((each: object) => idOf(each) === topic))
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
      expect(statements).toContainEqual({
        Sid: expect.any(String),
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Resource: { Ref: topic },
        Condition: {
          ArnLike: { 'aws:SourceArn': expect.arrayContaining([{ 'Fn::GetAtt': [source, 'Arn'] }]) },
          StringEquals: { 'aws:SourceAccount': account },
        },
      });
    }
    const unconditional = policies
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect, Condition }: { Effect: string; Condition?: object }) => Effect === 'Allow' && !Condition);
    expect(unconditional).toEqual([]);
  });

  test('are warned of where nobody is subscribed', () => {
    const warning = Match.stringLikeRegexp('^no address is subscribed to the alarms');
    const stacks = (notify: Config['notify'], operators?: readonly string[]) =>
      new SmtpQuorum(new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false }), 'Mail', {
        config: { ...config, notify },
        ...(operators ? { operators } : {}),
      }).home;
    Annotations.fromStack(stacks([])).hasWarning('*', warning);
    Annotations.fromStack(stacks([], ['monitor@example.com'])).hasNoWarning('*', warning);
    Annotations.fromStack(stacks(config.notify)).hasNoWarning('*', warning);
  });

  test('a config is warned of whose watched servers take the mail of all who are told of outages', () => {
    const warning = Match.stringLikeRegexp('^nobody is told when the watched mail servers are down');
    const stack = (rules: object) =>
      new SmtpQuorum(new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false }), 'Mail', {
        config: {
          ...config,
          targets: config.targets.map((target) => ({ ...target, host: 'mx1.example.com', domain: null })),
          notify: [{ kind: 'email', address: 'ops@example.com', when: ['down', 'blind'], ...rules }],
        },
      }).home;
    Annotations.fromStack(stack({})).hasWarning('*', warning);
    Annotations.fromStack(stack({ even: 'read elsewhere' })).hasNoWarning('*', warning);
    Annotations.fromStack(stack({ address: 'ops@example.net' })).hasNoWarning('*', warning);
  });

  test.each([...probes])(
    'hear by way of the home bus of the alarms of %s that need no topic there',
    (vantage, probe) => {
      const forwarded = Object.entries(probe.findResources('AWS::CloudWatch::Alarm'))
        .filter(([, { Properties }]) => vantage === config.home || !Properties.AlarmName.endsWith('vantage-silent'))
        .map(([alarm]) => ({ 'Fn::GetAtt': [alarm, 'Arn'] }));
      // The second region of posture has its alarm.
      expect(forwarded).toHaveLength(vantage === config.home || vantage === 'eu-west-1' ? 3 : 2);
      probe.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: { 'detail-type': ['CloudWatch Alarm State Change'], resources: forwarded },
        Targets: [Match.objectLike({ Arn: Match.objectLike({ 'Fn::Join': Match.anyValue() }) })],
      });
      home.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: { source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'] },
        Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('Operators') } })],
      });
    },
  );

  test.each([...probes].filter(([vantage]) => vantage !== config.home))(
    'hear without the home region that %s is silent: nothing of it refers to another region',
    (_, probe) => {
      const topics = Object.keys(probe.findResources('AWS::SNS::Topic'));
      expect(topics).toHaveLength(1);
      const [topic] = topics;
      probe.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: 'smtp-quorum-vantage-silent',
        AlarmActions: [{ Ref: topic }],
      });
      probe.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: { detail: { state: { value: ['OK'] }, previousState: { value: ['ALARM'] } } },
        Targets: [Match.objectLike({ Arn: { Ref: topic } })],
      });
      probe.hasResourceProperties('AWS::SNS::Subscription', {
        TopicArn: { Ref: topic },
        Protocol: 'email',
        Endpoint: 'ops@example.com',
      });
      expect(probe.findOutputs('OperatorsTopicArn')).toEqual({
        OperatorsTopicArn: expect.objectContaining({ Value: { Ref: topic } }),
      });
    },
  );

  test.each([
    ['those who hear of blind vantages', {}, ['ops@example.com']],
    ['those who are named', { operators: ['monitor@example.com'] }, ['monitor@example.com']],
  ])('are %s', (_, props, addresses) => {
    const subscriptions = Object.values(synthesise(config, props).home.findResources('AWS::SNS::Subscription'));
    const operators = subscriptions.filter(({ Properties }) => Properties.TopicArn.Ref.includes('Operators'));
    expect(operators.map(({ Properties }) => Properties.Endpoint)).toEqual(addresses);
  });
});

test('the dashboard shows every vantage', () => {
  const [dashboard] = Object.values(home.findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  for (const vantage of config.policy.vantages) expect(body).toContain(vantage);
});
