/**
 * The metrics of this project. Each costs as much per month as a million samples, so there are few, without dimensions.
 */
export const metricNames = {
  /** Age in seconds of the oldest pending alert; 0 if there is none. From the judge, each round. */
  owedAge: 'OwedAlertAge',
  /** Targets whose verdict is `down`. From the judge, each round. */
  down: 'TargetsDown',
  /** Samples of a round that failed. From each vantage's probe, in its region. */
  failed: 'SamplesFailed',
  /** Samples of a round that could not be taken. From each vantage's probe, in its region. */
  unable: 'SamplesUnable',
} as const;

export type MetricKey = keyof typeof metricNames;
