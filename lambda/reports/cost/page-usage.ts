/** What the status page of a fleet takes in a month on AWS, with a number of readers that is assumed. */
import type { Config } from '../../config/config.ts';
import { pageSettings } from '../../config/page/status-page.ts';
import { MESSAGES_OF_ENTRY } from './message-usage.ts';
import { GIGABYTES_PER_PROCESSOR, PAGE_RUN, QUEUE_POLLS, type Usage } from './prices.ts';
import { publishMegabytes } from './publish-memory.ts';

export interface PageFleet {
  readonly targets: number;
  readonly vantages: number;
  /** Milliseconds between rounds. */
  readonly every: number;
  /** A function runs for each request. */
  readonly isPrivate: boolean;
}

const MONTH = 30 * 86_400_000;
const HOURS = MONTH / 3_600_000;
/** Every five minutes. */
const RUNS = MONTH / 300_000;

/** Each message of the assumed outages is about a change that is published. */
const ASSUMED_CHANGES = MESSAGES_OF_ENTRY;
/** Readers of a day, and requests of one: files of a page, and `now.json` and the page each 15 seconds of ten minutes. */
const ASSUMED_READERS = 1_000;
const REQUESTS = 6 + 2 * 40;
/** Bytes of an answer: most say that nothing has changed. */
const ANSWER = 1_500;
/** Of the requests, those that CloudFront passes on to the bucket. */
const PASSED_ON = 0.1;

/** Null if the config has no page on AWS. */
export function pageFleet(config: Config): PageFleet | null {
  const { access } = pageSettings(config, 'aws');
  if (access !== 'public' && access !== 'private') return null;
  const { vantages, every } = config.policy;
  return { targets: config.targets.length, vantages: vantages.length, every, isPrivate: access === 'private' };
}

export function pageUsage({ targets, vantages, every, isPrivate }: PageFleet): readonly Usage[] {
  const passes = MONTH / every;
  const runs = RUNS + ASSUMED_CHANGES;
  const { always, change, target, shards } = PAGE_RUN.objects;
  const puts = passes + runs * (2 + always) + ASSUMED_CHANGES * change + HOURS * targets * (target + shards);
  const reads =
    HOURS * targets * vantages * PAGE_RUN.readUnits.hour + runs * vantages * targets * PAGE_RUN.readUnits.run;
  const requests = 30 * ASSUMED_READERS * REQUESTS;
  const memory = publishMegabytes(targets) / 1024;
  const share = memory / GIGABYTES_PER_PROCESSOR;
  const seconds =
    (runs * (PAGE_RUN.waiting + (targets * vantages * PAGE_RUN.work.run) / share) +
      (HOURS * targets * vantages * PAGE_RUN.work.hour) / share) /
    1000;
  const gigabytes = (targets * vantages * PAGE_RUN.megabytes) / 1000;
  return [
    usage('Scheduler, page', 'invocation', RUNS, `${count(RUNS)} runs`),
    usage('SQS, page', 'queueRequest', QUEUE_POLLS, `${count(QUEUE_POLLS)} polls`),
    usage('Lambda, page requests', 'request', runs, `${count(runs)} runs`),
    usage('Lambda, page time', 'gigabyteSecond', seconds * memory, `${count(seconds)} s × ${memory.toFixed(2)} GB`),
    usage('DynamoDB, page reads', 'readUnit', reads, `${count(HOURS)} hours and ${count(runs)} runs`),
    usage(
      'S3, page writes',
      'putRequest',
      puts,
      `now.json each round; ${always} + 2 objects each run, ${target + shards} of each target each hour, ${change} for each of ${ASSUMED_CHANGES} changes`,
    ),
    usage(
      'S3, page reads',
      'getRequest',
      runs + requests * PASSED_ON,
      `${count(PASSED_ON * 100)} % of the requests of readers`,
    ),
    usage('S3, page storage', 'bucketGigabyteMonth', gigabytes, `${gigabytes.toFixed(2)} GB`),
    usage(
      'CloudFront, requests',
      'pageRequest',
      requests,
      `${count(ASSUMED_READERS)} readers a day × ${REQUESTS} requests, assumed`,
    ),
    usage('CloudFront, data', 'pageGigabyte', (requests * ANSWER) / 1e9, `${ANSWER} bytes per request`),
    ...(isPrivate ? [usage('CloudFront, function', 'edgeRun', requests, 'each request')] : []),
    usage('CloudWatch, page alarm', 'alarmMetric', 2, '1 alarm of 2 metrics'),
  ];
}

function usage(item: string, unit: Usage['unit'], quantity: number, calculation: string): Usage {
  return { item, unit, quantity, calculation };
}

function count(many: number): string {
  return Math.round(many).toLocaleString('en-US');
}
