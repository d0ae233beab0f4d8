/** List prices in US dollars, of us-east-1, without what AWS gives free. Read on 2026-11-22. */
export const PRICES = {
  /** https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  /** A gigabyte for a month, and as much of it that point-in-time recovery keeps. */
  gigabyteMonth: 0.25,
  recoverableGigabyteMonth: 0.2,
  /** https://aws.amazon.com/lambda/pricing/ (arm64) */
  gigabyteSecond: 0.0000133334,
  request: 0.2 / 1e6,
  /** https://aws.amazon.com/eventbridge/pricing/ (Scheduler) */
  invocation: 1 / 1e6,
  /** https://aws.amazon.com/sqs/pricing/ */
  queueRequest: 0.4 / 1e6,
  /** https://aws.amazon.com/cloudwatch/pricing/ (an alarm costs by the metrics that it watches) */
  loggedGigabyte: 0.5,
  /** https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer (out to the internet, of all services together) */
  gigabyteOut: 0.09,
  /** https://aws.amazon.com/secrets-manager/pricing/ (a secret for a month) */
  secret: 0.4,
  alarmMetric: 0.1,
  customMetric: 0.3,
} as const;

/** Part of a read unit that a read takes which may be a moment behind. */
export const EVENTUAL_READ_SHARE = 0.5;

export type Unit = keyof typeof PRICES;

/** What each account has free each month, for good (https://aws.amazon.com/free/); other projects may use it up. */
export const FREE: Readonly<Partial<Record<Unit, number>>> = {
  gigabyteMonth: 25,
  gigabyteSecond: 400_000,
  request: 1e6,
  invocation: 14e6,
  queueRequest: 1e6,
  loggedGigabyte: 5,
  gigabyteOut: 100,
  alarmMetric: 10,
  customMetric: 10,
};

export const PRICED_ON = '2026-11-22';

/** Gigabytes of memory of the functions, as the constructs deploy them. */
export const MEMORY = { probe: 512 / 1024, judge: 256 / 1024, rollup: 512 / 1024 } as const;

/** Gigabytes at which Lambda gives a function one whole processor; https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const GIGABYTES_PER_PROCESSOR = 1769 / 1024;

/**
 * Milliseconds of a processor that one STARTTLS session takes with its share of the round's write, one sample that the
 * judge reads, and one that is rolled up. Measured by `npm run bench -- history` on 2026-11-24, Node 20, warm.
 */
export const PROCESSOR_MS = { session: 1.42, judgedSample: 0.13, rolledSample: 0.034 } as const;

/** Metrics that alarms watch, and metrics of our own, as the constructs make them: in the home region, and for each vantage. */
export const ALARM_METRICS = { home: 6, vantage: 3 } as const;
export const CUSTOM_METRICS = { home: 2, vantage: 2 } as const;

/** Requests in a month of the pollers that Lambda keeps at a queue: five, each asking for 20 seconds at a time. */
export const QUEUE_POLLS = (5 * 30 * 86_400) / 20;

export const PEERS_PRICED_IN = '2026-11';

export interface Peer {
  readonly name: string;
  /** US dollars for a million checks from one place, from list prices of `PEERS_PRICED_IN`, in months of 30 days. */
  readonly perMillion: number;
  readonly source: string;
}

/** What hosted monitors ask; most of them hold no SMTP session at all for it. */
export const PEERS: readonly Peer[] = [
  { name: 'CloudWatch Synthetics', perMillion: 1200, source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  { name: 'Datadog API tests', perMillion: 500, source: 'https://www.datadoghq.com/pricing/' },
  { name: 'Checkly API checks', perMillion: 200, source: 'https://www.checklyhq.com/pricing/' },
  { name: 'Pingdom', perMillion: 35, source: 'https://www.pingdom.com/pricing/' },
  { name: 'UptimeRobot', perMillion: 18.5, source: 'https://uptimerobot.com/pricing/' },
  { name: 'Site24x7', perMillion: 8.3, source: 'https://www.site24x7.com/pricing.html' },
  { name: 'Better Stack', perMillion: 5.8, source: 'https://betterstack.com/pricing' },
];
