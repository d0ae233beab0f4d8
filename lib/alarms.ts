import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { metricNames } from '../lambda/aws/log.ts';
import type { Config } from '../lambda/config/config.ts';
import { namesOf } from './names.ts';
import { runbookOf } from './runbook.ts';

/** Key of an alarm: the last part of its name, and the heading of its section in the runbook. */
export type AlarmKey =
  | 'vantage-silent'
  | 'probe-errors'
  | 'judge-silent'
  | 'judge-errors'
  | 'rollup-errors'
  | 'alert-owed'
  | 'undelivered-events'
  | 'notifications-failed'
  | 'sms-spend';

/** When an alarm goes off: a metric above a threshold for so many of its periods. */
interface Watch {
  readonly key: AlarmKey;
  readonly metric: IMetric;
  /** Goes off above this. */
  readonly above: number;
  readonly periods: number;
  /** What no data means; by default that all is well. */
  readonly missing?: TreatMissingData;
}

export interface HomeWatchProps {
  readonly config: Config;
  readonly judge: LambdaFunction;
  readonly rollup: LambdaFunction;
  readonly alerts: Topic;
  readonly undelivered: Queue;
  /** Dollars of SMS in the month above which the alarm goes off. */
  readonly smsSpend: number;
}

const FIVE_MINUTES = Duration.minutes(5);

/** The alarms of the home region. */
export function homeAlarms(scope: Construct, props: HomeWatchProps): readonly Alarm[] {
  const { config, judge, rollup, alerts, undelivered, smsSpend } = props;
  const round = Duration.millis(config.policy.every);
  const own = (metricName: string, statistic: string) =>
    new Metric({ namespace: namesOf(config).metrics, metricName, statistic, period: round });
  const watches: readonly Watch[] = [
    { key: 'judge-silent', metric: missed(judge, round), above: 0, periods: 3, missing: TreatMissingData.BREACHING },
    { key: 'judge-errors', metric: judge.metricErrors({ period: FIVE_MINUTES }), above: 0, periods: 2 },
    { key: 'rollup-errors', metric: rollup.metricErrors({ period: Duration.hours(1) }), above: 0, periods: 2 },
    { key: 'alert-owed', metric: own(metricNames.owedAge, 'Maximum'), above: 180, periods: 1 },
    {
      key: 'undelivered-events',
      metric: undelivered.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: 'Maximum' }),
      above: 0,
      periods: 1,
    },
    {
      key: 'notifications-failed',
      metric: alerts.metricNumberOfNotificationsFailed({ period: FIVE_MINUTES }),
      above: 0,
      periods: 1,
    },
    ...(config.notify.some(({ kind }) => kind === 'sms')
      ? [{ key: 'sms-spend', metric: smsSpent(), above: smsSpend, periods: 1 } as const]
      : []),
  ];
  return watches.map((watch) => raise(scope, config, watch));
}

/** The alarms of one vantage, in its own region: CloudWatch knows no metric of another. */
export function vantageAlarms(scope: Construct, config: Config, probe: LambdaFunction): readonly Alarm[] {
  const round = Duration.millis(config.policy.every);
  const watches: readonly Watch[] = [
    { key: 'vantage-silent', metric: missed(probe, round), above: 0, periods: 3, missing: TreatMissingData.BREACHING },
    { key: 'probe-errors', metric: probe.metricErrors({ period: FIVE_MINUTES }), above: 0, periods: 2 },
  ];
  return watches.map((watch) => raise(scope, config, watch));
}

/** 1 for a round in which no run of the function ended well. */
function missed(lambda: LambdaFunction, period: Duration): MathExpression {
  return new MathExpression({
    expression: 'IF(FILL(runs, 0) - FILL(errors, 0) > 0, 0, 1)',
    usingMetrics: { runs: lambda.metricInvocations({ period }), errors: lambda.metricErrors({ period }) },
    period,
    label: 'rounds missed',
  });
}

function smsSpent(): Metric {
  return new Metric({
    namespace: 'AWS/SNS',
    metricName: 'SMSMonthToDateSpentUSD',
    statistic: 'Maximum',
    period: Duration.hours(1),
  });
}

function raise(scope: Construct, config: Config, watch: Watch): Alarm {
  return new Alarm(scope, idOf(watch.key), {
    alarmName: `${config.name}-${watch.key}`,
    alarmDescription: runbookOf(watch.key),
    metric: watch.metric,
    threshold: watch.above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: watch.periods,
    treatMissingData: watch.missing ?? TreatMissingData.NOT_BREACHING,
  });
}

/** `VantageSilent` of `vantage-silent`. */
function idOf(key: AlarmKey): string {
  return key.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
