import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Metric,
  Row,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { metricNames } from '../../lambda/aws/metric-names.ts';
import { isService } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { postureVantages } from '../../lambda/config/posture-domain.ts';
import { type Names, namesOf } from '../naming/names.ts';
import { publishesPage, readsBounceMailboxes, watchesSes } from '../quotas/quota-inputs.ts';

const PERIOD = Duration.minutes(5);

export interface DashboardProps {
  readonly config: Config;
  readonly alarms: readonly Alarm[];
}

/** One page for those who run the monitor; an account's first three dashboards are free. */
export function operatorsDashboard(scope: Construct, { config, alarms }: DashboardProps): Dashboard {
  const names = namesOf(config);
  const { vantages } = config.policy;
  const watched = config.posture === undefined ? [] : postureVantages(config);
  const byVantage = (metric: (vantage: string) => Metric) => vantages.map((vantage) => metric(vantage));
  const own = (name: string, region: string, label: string) =>
    metric(names.metrics, name, {}, { statistic: 'Maximum', region, label });
  return new Dashboard(scope, 'Dashboard', {
    // Names of dashboards are unique in the account. During a change of the home there are two.
    dashboardName: `${config.name}-${config.home}`,
    defaultInterval: Duration.hours(6),
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms of the home region', alarms: [...alarms], width: 24, height: 3 })],
      new Row(
        graph('Targets down', [own(metricNames.down, config.home, 'down')]),
        graph(
          'Samples failed',
          byVantage((vantage) => own(metricNames.failed, vantage, vantage)),
        ),
        graph(
          'Samples unable',
          byVantage((vantage) => own(metricNames.unable, vantage, vantage)),
        ),
      ).widgets,
      new Row(
        graph(
          'Probe: rounds',
          byVantage((vantage) => lambda(names.probe, 'Invocations', 'Sum', vantage)),
        ),
        graph(
          'Probe: milliseconds, p99',
          byVantage((vantage) => lambda(names.probe, 'Duration', 'p99', vantage)),
        ),
        graph('Errors', [
          ...byVantage((vantage) => lambda(names.probe, 'Errors', 'Sum', vantage)),
          lambda(names.judge, 'Errors', 'Sum', config.home, 'judge'),
          lambda(names.rollup, 'Errors', 'Sum', config.home, 'rollup'),
          ...(config.notify.some(isService) ? [lambda(names.notify, 'Errors', 'Sum', config.home, 'notify')] : []),
          ...(publishesPage(config) ? [lambda(names.publish, 'Errors', 'Sum', config.home, 'page')] : []),
          ...watched.map((region) =>
            lambda(
              region === config.home ? names.posture : names.secondPosture,
              'Errors',
              'Sum',
              region,
              `posture ${region}`,
            ),
          ),
        ]),
      ).widgets,
      ...mailRow(config, names),
      new Row(
        graph('Judge: milliseconds, p99', [lambda(names.judge, 'Duration', 'p99', config.home, 'judge')]),
        graph('Alerts: oldest owed, seconds', [own(metricNames.owedAge, config.home, 'oldest owed')]),
        graph('Alerts: told and failed', tellings(names, config.home)),
      ).widgets,
    ],
  });
}

/** Round trips and bounces; none if the config has neither. */
function mailRow(config: Config, names: Names): readonly IWidget[][] {
  const { home, policy } = config;
  const ofTrips = (name: string) =>
    policy.vantages.map((vantage) => lambda(names.trips, name, name === 'Duration' ? 'p99' : 'Sum', vantage));
  const readers = [
    ...(watchesSes(config) ? ([[names.bounces, 'of SES']] as const) : []),
    ...(readsBounceMailboxes(config) ? ([[names.bounceMailbox, 'mailboxes']] as const) : []),
  ];
  const ofBounces = (name: string) =>
    readers.map(([reader, label]) => lambda(reader, name, 'Sum', home, `${label}: ${name.toLowerCase()}`));
  const graphs = [
    ...(config.roundTrips === undefined
      ? []
      : [
          graph('Round trips: errors', ofTrips('Errors')),
          graph('Round trips: milliseconds, p99', ofTrips('Duration')),
        ]),
    ...(readers.length === 0 ? [] : [graph('Bounces', [...ofBounces('Invocations'), ...ofBounces('Errors')])]),
  ];
  return graphs.length === 0 ? [] : [new Row(...graphs).widgets];
}

function tellings(names: Names, region: string): readonly Metric[] {
  return ['NumberOfNotificationsDelivered', 'NumberOfNotificationsFailed'].map((name) =>
    metric('AWS/SNS', name, { TopicName: names.alerts }, { statistic: 'Sum', region, label: name }),
  );
}

function lambda(FunctionName: string, name: string, statistic: string, region: string, label = region): Metric {
  return metric('AWS/Lambda', name, { FunctionName }, { statistic, region, label });
}

interface Shown {
  readonly statistic: string;
  readonly region: string;
  readonly label: string;
}

function metric(namespace: string, metricName: string, dimensionsMap: Record<string, string>, shown: Shown): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, period: PERIOD, ...shown });
}

function graph(title: string, left: readonly IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: [...left], width: 8, height: 6, leftYAxis: { min: 0, showUnits: false } });
}
