import type { LogEntry } from '../ports.ts';
import { type MetricKey, metricNames } from './metric-names.ts';

/**
 * Writes one line of JSON to the function's log, with metrics in the CloudWatch embedded metric format, which needs no API
 * call. `facts` must contain no secret and no bytes from the wire.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @param namespace the config's name
 * @param at epoch milliseconds
 */
export function logLine(
  namespace: string,
  at: number,
  facts: Readonly<Record<string, unknown>>,
  metrics: Readonly<Partial<Record<MetricKey, number>>>,
): void {
  const named = Object.entries(metrics).map(([key, value]) => [metricNames[key as MetricKey], value] as const);
  const metric = { Namespace: namespace, Dimensions: [[]], Metrics: named.map(([Name]) => ({ Name })) };
  const _aws = named.length > 0 ? { Timestamp: at, CloudWatchMetrics: [metric] } : undefined;
  process.stdout.write(`${JSON.stringify({ ...facts, ...Object.fromEntries(named), _aws })}\n`);
}

/** Writes a report of a handler as one line of JSON. */
export function logJson({ level, message, facts }: LogEntry): void {
  console[level](JSON.stringify({ level, message, ...facts }));
}
