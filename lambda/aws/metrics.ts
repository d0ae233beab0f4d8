/** The metrics of this project. Each costs as much as a million samples in a month, so there are few, without dimensions. */
export const metricNames = {
  /** Seconds since the oldest alert was owed that nobody took yet; 0 where none is. From the judge, each round. */
  owedAge: 'OwedAlertAge',
  /** Targets whose verdict is `down`. From the judge, each round. */
  down: 'TargetsDown',
  /** Samples of a round that failed. From each vantage's probe, in its region. */
  failed: 'SamplesFailed',
  /** Samples of a round that could not be taken. From each vantage's probe, in its region. */
  unable: 'SamplesUnable',
} as const;

export type MetricKey = keyof typeof metricNames;
