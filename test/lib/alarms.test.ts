import { readFileSync } from 'node:fs';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { sampleConfig, synthesise } from './synthesis.ts';

const config = sampleConfig();
const { home, probes } = synthesise(config);

function alarmsOf(template: Template): string[] {
  return Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmName);
}

describe('the runbook', () => {
  test('has a section for each alarm, and none for what is no alarm', () => {
    const raised = new Set([home, ...probes.values()].flatMap(alarmsOf));
    const text = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
    const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, key]) => `smtp-quorum-${key}`);
    expect([...raised].sort()).toEqual(sections.sort());
  });

  test('is what the alarm says', () => {
    home.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'smtp-quorum-alert-owed',
      AlarmDescription: Match.stringLikeRegexp('^An alert has been owed .* Runbook: docs/runbook.md#alert-owed$'),
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
    });
  }
});

test('who does not send SMS hears nothing of their price', () => {
  const silent = { ...config, notify: config.notify.filter(({ kind }) => kind !== 'sms') };
  expect(alarmsOf(synthesise(silent).home)).not.toContain('smtp-quorum-sms-spend');
});

describe('the operators', () => {
  test('hear every alarm of the home region, and its end', () => {
    for (const { Properties } of Object.values(home.findResources('AWS::CloudWatch::Alarm'))) {
      expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringContaining('Operators') }]);
      expect(Properties.OKActions).toEqual(Properties.AlarmActions);
    }
  });

  test.each([...probes])('hear the alarms of %s by way of the home bus', (_, probe) => {
    const alarms = Object.keys(probe.findResources('AWS::CloudWatch::Alarm'));
    probe.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'detail-type': ['CloudWatch Alarm State Change'],
        resources: alarms.map((alarm) => ({ 'Fn::GetAtt': [alarm, 'Arn'] })),
      },
    });
    home.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'] },
      Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('Operators') } })],
    });
  });

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
