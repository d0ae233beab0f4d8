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
import { metricNames } from '../../lambda/aws/metric-names.ts';
import type { Config } from '../../lambda/config/config.ts';
import { namesOf } from '../naming/names.ts';
import { runbookOf } from './runbook.ts';

/** Key of an alarm: the last part of its name, and the heading of its section in the runbook. */
export type AlarmKey =
  | 'vantage-silent'
  | 'probe-errors'
  | 'judge-silent'
  | 'judge-errors'
  | 'rollup-errors'
  | 'posture-silent'
  | 'trips-silent'
  | 'answers-errors'
  | 'answers-throttled'
  | 'bounces-errors'
  | 'bounces-late'
  | 'bounce-mailbox-silent'
  | 'second-posture-silent'
  | 'page-silent'
  | 'notify-errors'
  | 'alert-owed'
  | 'undelivered-events'
  | 'undelivered-rounds'
  | 'notifications-failed'
  | 'sms-spend';

/** When an alarm goes off: a metric beyond a threshold for so many of its periods. */
interface Watch {
  readonly key: AlarmKey;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Whether it goes off above the threshold, or below it; then no data is taken for little, else for none. */
  readonly beyond: 'above' | 'below';
  readonly periods: number;
}

export interface HomeAlarmsProps {
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
export function homeAlarms(scope: Construct, props: HomeAlarmsProps): readonly Alarm[] {
  const { config, judge, rollup, alerts, undelivered, smsSpend } = props;
  const round = Duration.millis(config.policy.every);
  const watches: readonly Watch[] = [
    silent('judge-silent', config, metricNames.owedAge),
    errors('judge-errors', judge, longer(round)),
    errors('rollup-errors', rollup, Duration.hours(1)),
    above('alert-owed', own(config, metricNames.owedAge, 'Maximum'), 180),
    above('undelivered-events', waiting(undelivered), 0),
    above('notifications-failed', alerts.metricNumberOfNotificationsFailed({ period: FIVE_MINUTES }), 0),
    ...(config.notify.some(({ kind }) => kind === 'sms') ? [above('sms-spend', smsSpent(), smsSpend)] : []),
  ];
  return watches.map((watch) => raise(scope, config, watch));
}

export interface VantageAlarms {
  /** Also in alarm if the home region is lost: a round that cannot be recorded writes no metric. */
  readonly silent: Alarm;
  readonly others: readonly Alarm[];
}

/** The alarms of one vantage, in its own region: CloudWatch knows no metric of another. */
export function vantageAlarms(
  scope: Construct,
  config: Config,
  { probe, undelivered }: { readonly probe: LambdaFunction; readonly undelivered: Queue },
): VantageAlarms {
  const round = Duration.millis(config.policy.every);
  const alarm = (watch: Watch) => raise(scope, config, watch);
  return {
    silent: alarm(silent('vantage-silent', config, metricNames.failed)),
    others: [
      alarm(errors('probe-errors', probe, longer(round))),
      alarm(above('undelivered-rounds', waiting(undelivered), 0)),
    ],
  };
}

/** Goes off where no run of the posture function ended well for two hours. */
export function postureAlarm(
  scope: Construct,
  config: Config,
  posture: LambdaFunction,
  key: 'posture-silent' | 'second-posture-silent',
): Alarm {
  return raise(scope, config, noneEndedWell(key, posture, Duration.hours(1), 'runs of posture that ended well'));
}

/** Goes off where no run of the function of round trips ended well for half an hour. */
export function tripAlarm(scope: Construct, config: Config, trips: LambdaFunction): Alarm {
  const label = 'runs of round trips that ended well';
  return raise(scope, config, noneEndedWell('trips-silent', trips, Duration.minutes(15), label));
}

/** Goes off where no run read all bounce mailboxes for an hour. */
export function bounceMailboxAlarm(scope: Construct, config: Config, reader: LambdaFunction): Alarm {
  const label = 'runs that read all bounce mailboxes';
  return raise(scope, config, noneEndedWell('bounce-mailbox-silent', reader, Duration.minutes(30), label));
}

/** Goes off where no run wrote the status page for half an hour. */
export function pageAlarm(scope: Construct, config: Config, publish: LambdaFunction): Alarm {
  return raise(scope, config, noneEndedWell('page-silent', publish, Duration.minutes(15), 'runs that wrote the page'));
}

/**
 * In two periods, a function was not started, or failed each time. By the metrics of Lambda, which cost nothing, unlike one of
 * our own.
 */
function noneEndedWell(key: AlarmKey, scheduled: LambdaFunction, period: Duration, label: string): Watch {
  const metric = new MathExpression({
    expression: 'runs - errors',
    usingMetrics: { runs: scheduled.metricInvocations({ period }), errors: scheduled.metricErrors({ period }) },
    label,
    period,
  });
  return { key, metric, threshold: 1, beyond: 'below', periods: 2 };
}

/** The oldest event that waits is a quarter of an hour old, although they are collected for a minute. Seconds. */
const LATE = 900;

export function bounceAlarms(
  scope: Construct,
  config: Config,
  { bounces, queue }: { readonly bounces: LambdaFunction; readonly queue: Queue },
): readonly Alarm[] {
  const age = queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES, statistic: 'Maximum' });
  return [errors('bounces-errors', bounces, FIVE_MINUTES), above('bounces-late', age, LATE)].map((watch) =>
    raise(scope, config, watch),
  );
}

/** A function URL counts what was answered with 5xx: also what the handler could not do, and says so itself. */
export function answerAlarms(scope: Construct, config: Config, answer: LambdaFunction): readonly Alarm[] {
  const failed = answer.metric('Url5xxCount', { period: FIVE_MINUTES, statistic: 'Sum' });
  const throttled = answer.metricThrottles({ period: FIVE_MINUTES });
  return [above('answers-errors', failed, 0), above('answers-throttled', throttled, 0)].map((watch) =>
    raise(scope, config, watch),
  );
}

/** Goes off where the function of services failed twice in a row. What a service refuses is no error of it. */
export function notifyAlarm(scope: Construct, config: Config, notify: LambdaFunction): Alarm {
  return raise(scope, config, errors('notify-errors', notify, FIVE_MINUTES));
}

function above(key: AlarmKey, metric: IMetric, threshold: number): Watch {
  return { key, metric, threshold, beyond: 'above', periods: 1 };
}

/** Rounds of a slow schedule would never fail in periods that follow one another, were these shorter than a round. */
function longer(round: Duration): Duration {
  return round.toMinutes() > FIVE_MINUTES.toMinutes() ? round : FIVE_MINUTES;
}

function errors(key: AlarmKey, lambda: LambdaFunction, period: Duration): Watch {
  return { key, metric: lambda.metricErrors({ period }), threshold: 0, beyond: 'above', periods: 2 };
}

/**
 * Goes off where three rounds in a row brought no figure of our own, which is written at the end of a round, or of a pass
 * of the judge: a function that starts and fails is silent, too. No data is filled in: metrics come late, and CloudWatch
 * looks at the last rounds that it has data of before it takes the missing ones for breaching.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
function silent(key: AlarmKey, config: Config, metricName: string): Watch {
  return { key, metric: own(config, metricName, 'SampleCount'), threshold: 1, beyond: 'below', periods: 3 };
}

function own(config: Config, metricName: string, statistic: string): IMetric {
  const period = Duration.millis(config.policy.every);
  return new Metric({ namespace: namesOf(config).metrics, metricName, statistic, period });
}

function waiting(queue: Queue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: 'Maximum' });
}

function smsSpent(): Metric {
  return new Metric({
    namespace: 'AWS/SNS',
    metricName: 'SMSMonthToDateSpentUSD',
    statistic: 'Maximum',
    period: Duration.hours(1),
  });
}

const BEYOND = {
  above: {
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  },
  below: { comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD, treatMissingData: TreatMissingData.BREACHING },
} as const;

function raise(scope: Construct, config: Config, watch: Watch): Alarm {
  return new Alarm(scope, idOf(watch.key), {
    alarmName: `${config.name}-${watch.key}`,
    alarmDescription: runbookOf(watch.key),
    metric: watch.metric,
    threshold: watch.threshold,
    evaluationPeriods: watch.periods,
    ...BEYOND[watch.beyond],
  });
}

/** `VantageSilent` of `vantage-silent`. */
function idOf(key: AlarmKey): string {
  return key.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
