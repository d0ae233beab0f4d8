/** List prices of us-east-1 in US dollars, before the free tier. Read on 2026-11-22. */
export const PRICES = {
  /** https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  /** Storage of a gigabyte for a month, and its point-in-time recovery. */
  gigabyteMonth: 0.25,
  recoverableGigabyteMonth: 0.2,
  /** https://aws.amazon.com/lambda/pricing/ (arm64) */
  gigabyteSecond: 0.0000133334,
  request: 0.2 / 1e6,
  /** https://aws.amazon.com/eventbridge/pricing/ (Scheduler) */
  invocation: 1 / 1e6,
  /** https://aws.amazon.com/sqs/pricing/ */
  queueRequest: 0.4 / 1e6,
  /** https://aws.amazon.com/cloudwatch/pricing/ (an alarm is billed by its metrics) */
  loggedGigabyte: 0.5,
  /** https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer (to the internet, all services together) */
  gigabyteOut: 0.09,
  /** https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer (from us-east-1 to another region; from others more) */
  gigabyteBetweenRegions: 0.02,
  /** https://aws.amazon.com/secrets-manager/pricing/ (a secret for a month, and a read of one) */
  secret: 0.4,
  secretRead: 0.05 / 1e4,
  /** https://aws.amazon.com/vpc/pricing/ (a NAT gateway, what it processes, and its Elastic IP) */
  natHour: 0.045,
  natGigabyte: 0.045,
  addressHour: 0.005,
  alarmMetric: 0.1,
  customMetric: 0.3,
  /** https://aws.amazon.com/s3/pricing/ (standard: a request that writes, one that reads, and a gigabyte for a month). Read on 2026-11-26. */
  putRequest: 0.005 / 1e3,
  getRequest: 0.0004 / 1e3,
  bucketGigabyteMonth: 0.023,
  /** https://aws.amazon.com/cloudfront/pricing/ (HTTPS requests and data to North America and Europe, runs of a function). Read on 2026-11-26. */
  pageRequest: 0.01 / 1e4,
  pageGigabyte: 0.085,
  edgeRun: 0.1 / 1e6,
  /**
   * https://aws.amazon.com/sns/pricing/ (an e-mail of SNS: $2 for 100,000). Read on 2026-11-26 where others quote it:
   * https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/
   */
  emailMessage: 2 / 1e5,
  /**
   * Shown as a number. A service has its own bill. The price of an SMS depends on country and carrier; no list was found that
   * could be read: https://aws.amazon.com/sns/sms-pricing/ has it.
   */
  message: 0,
  /** Bounded by the config itself. */
  dollar: 1,
} as const;

/** Read units of an eventually consistent read, relative to a strongly consistent one. */
export const EVENTUAL_READ_SHARE = 0.5;

export type Unit = keyof typeof PRICES;

/** A line of a bill without its price. */
export interface Usage {
  readonly item: string;
  readonly unit: Unit;
  readonly quantity: number;
  readonly calculation: string;
}

/** The permanent free tier of each account per month (https://aws.amazon.com/free/). All projects of the account share it. */
export const FREE_TIER: Readonly<Partial<Record<Unit, number>>> = {
  gigabyteMonth: 25,
  gigabyteSecond: 400_000,
  request: 1e6,
  invocation: 14e6,
  queueRequest: 1e6,
  loggedGigabyte: 5,
  gigabyteOut: 100,
  alarmMetric: 10,
  customMetric: 10,
  pageRequest: 10e6,
  pageGigabyte: 1_000,
  edgeRun: 2e6,
  emailMessage: 1_000,
};

export const PRICED_ON = '2026-11-22';

/** Memory of the functions in gigabytes, as deployed by the constructs. That of the judge depends on the number of targets. */
export const MEMORY = {
  probe: 512 / 1024,
  rollup: 512 / 1024,
  posture: 256 / 1024,
  bounces: 256 / 1024,
  bounceMailbox: 512 / 1024,
  trips: 256 / 1024,
  notify: 256 / 1024,
} as const;

/** Memory in gigabytes at which Lambda gives a function one whole processor; https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const GIGABYTES_PER_PROCESSOR = 1769 / 1024;

/**
 * Processor time in milliseconds of one STARTTLS session with its share of the write of the round, of one sample that the
 * judge reads, and of one that is rolled up. Measured by `npm run bench -- history` on 2026-11-24, Node 20, warm.
 */
export const PROCESSOR_MS = { session: 1.42, judgedSample: 0.13, rolledSample: 0.034 } as const;

/**
 * Of a domain with addresses of its own, by `npm run bench -- posture` on 2026-11-26: questions, and processor time in
 * milliseconds. An answer is assumed to take 20 ms; four are asked at a time.
 */
export const POSTURE_RUN = {
  all: { questions: 67, work: 25 },
  lists: { questions: 34, work: 8 },
  answer: 20,
  atOnce: 4,
  /** Write units of its item. */
  itemUnits: 5,
} as const;

/**
 * Of a round trip. Milliseconds: of a run with nothing to do; of one that sends, with ten seconds until the message is there; of
 * its work on a whole processor, by `npm run bench -- trips` on 2026-11-26, with the servers that it talks to.
 */
export const TRIP_RUN = { idle: 60, waiting: 13_000, work: 14, writeUnits: 5 } as const;

/**
 * The status page, by `npm run bench -- page` on 2026-11-26, for each target and vantage: read units, milliseconds on a whole
 * processor, and megabytes, of the hour and of a run between the hours; objects of each kind. Of more than 250 targets the days are
 * read less often than each hour: what they take is less.
 */
export const PAGE_RUN = {
  objects: { always: 3, change: 16, target: 1, shards: 1 },
  readUnits: { hour: 11, run: 0.35 },
  work: { hour: 4, run: 1.5 },
  megabytes: 0.16,
  /** Milliseconds of the network. */
  waiting: 1_000,
} as const;

/** Metrics with alarms, and custom metrics, as created by the constructs: in the home region, and per vantage. */
export const ALARM_METRICS = { home: 6, vantage: 3 } as const;
export const CUSTOM_METRICS = { home: 2, vantage: 2 } as const;

/** Requests per month of the five pollers that Lambda runs per queue. Each request waits 20 seconds. */
export const QUEUE_POLLS = (5 * 30 * 86_400) / 20;

export const PEERS_PRICED_IN = '2026-11';

export interface Peer {
  readonly name: string;
  /** US dollars per million checks from one location, from list prices of `PEERS_PRICED_IN`, for months of 30 days. */
  readonly perMillion: number;
  readonly source: string;
}

/** Prices of hosted monitors. Most of them run no SMTP session. */
export const PEERS: readonly Peer[] = [
  { name: 'CloudWatch Synthetics', perMillion: 1200, source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  { name: 'Datadog API tests', perMillion: 500, source: 'https://www.datadoghq.com/pricing/' },
  { name: 'Checkly API checks', perMillion: 200, source: 'https://www.checklyhq.com/pricing/' },
  { name: 'Pingdom', perMillion: 35, source: 'https://www.pingdom.com/pricing/' },
  { name: 'UptimeRobot', perMillion: 18.5, source: 'https://uptimerobot.com/pricing/' },
  { name: 'Site24x7', perMillion: 8.3, source: 'https://www.site24x7.com/pricing.html' },
  { name: 'Better Stack', perMillion: 5.8, source: 'https://betterstack.com/pricing' },
];
