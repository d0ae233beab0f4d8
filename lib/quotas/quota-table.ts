/** One quota of AWS, and how much of it a config uses. */
export interface Quota {
  readonly name: QuotaName;
  /** The kind of stack that it applies to. */
  readonly stack: 'home' | 'probe';
  /** Resources, bytes, characters, … */
  readonly unit: string;
  /** Exact for counts, an upper bound for sizes. */
  readonly use: number;
  /** The default quota. */
  readonly bound: number;
  /** The page of the AWS documentation. */
  readonly page: string;
  /** What to change if it is exceeded. */
  readonly fix: string;
  /** The region of the stack that uses most of it. Absent if it is the same for all. */
  readonly region?: string;
}

export type QuotaName = keyof typeof bounds;

interface Bound {
  readonly stack: Quota['stack'];
  readonly unit: string;
  readonly bound: number;
  readonly page: string;
  readonly fix: string;
}

const docs = (path: string) => `https://docs.aws.amazon.com/${path}`;

const cloudFormation = docs('AWSCloudFormation/latest/UserGuide/cloudformation-limits.html');
const iam = docs('IAM/latest/UserGuide/reference_iam-quotas.html');
const sqs = docs('AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html');
const sns = docs('sns/latest/dg/subscription-filter-policy-constraints.html');
const lambda = docs('lambda/latest/dg/gettingstarted-limits.html');
const eventBridge = docs('eventbridge/latest/userguide/eb-quota.html');

const fewerChannels = 'name fewer addresses in notify, or subscribe one address that forwards alerts';
const shorterName = 'choose a shorter name';
const fewerSecrets =
  'give the secrets a common prefix, and set secretPrefix in the context of cdk.json; or use one secret for several targets';
const fewerTargets = 'split the targets between two deployments with different names';

/** The quotas that a config can reach, as documented on 2026-11-26. */
export const bounds = {
  'resources of the home stack': {
    stack: 'home',
    unit: 'resources',
    bound: 500,
    page: cloudFormation,
    fix: fewerChannels,
  },
  'resources of a probe stack': {
    stack: 'probe',
    unit: 'resources',
    bound: 500,
    page: cloudFormation,
    fix: fewerSecrets,
  },
  'outputs of a stack': { stack: 'home', unit: 'outputs', bound: 200, page: cloudFormation, fix: fewerChannels },
  // The CDK uploads templates to S3. The quota of 51,200 bytes applies to templates in the request.
  'template of the home stack': {
    stack: 'home',
    unit: 'bytes',
    bound: 1_000_000,
    page: cloudFormation,
    fix: fewerChannels,
  },
  'template of a probe stack': {
    stack: 'probe',
    unit: 'bytes',
    bound: 1_000_000,
    page: cloudFormation,
    fix: fewerSecrets,
  },
  'name of a stack': {
    stack: 'probe',
    unit: 'characters',
    bound: 128,
    page: docs('AWSCloudFormation/latest/APIReference/API_CreateStack.html'),
    fix: shorterName,
  },
  "inline policies of the judge's role": {
    stack: 'home',
    unit: 'characters',
    bound: 10_240,
    page: iam,
    fix: shorterName,
  },
  "inline policies of a probe's role": {
    stack: 'probe',
    unit: 'characters',
    bound: 10_240,
    page: iam,
    fix: 'name fewer secretKeys',
  },
  "managed policies of a probe's role": { stack: 'probe', unit: 'policies', bound: 10, page: iam, fix: fewerSecrets },
  'managed policy': {
    stack: 'probe',
    unit: 'characters',
    bound: 6_144,
    page: iam,
    fix: 'choose shorter names of secrets',
  },
  'trust policy of a role': { stack: 'home', unit: 'characters', bound: 2_048, page: iam, fix: shorterName },
  'statements of a queue policy': { stack: 'probe', unit: 'statements', bound: 20, page: sqs, fix: fewerChannels },
  'conditions of a queue policy': { stack: 'probe', unit: 'conditions', bound: 10, page: sqs, fix: fewerChannels },
  'size of a queue policy': { stack: 'home', unit: 'bytes', bound: 8_192, page: sqs, fix: shorterName },
  'size of a topic policy': {
    stack: 'home',
    unit: 'bytes',
    bound: 30_720,
    page: docs('general/latest/gr/sns.html'),
    fix: shorterName,
  },
  'filter policies of the topic of alerts': {
    stack: 'home',
    unit: 'filters',
    bound: 200,
    page: sns,
    fix: fewerChannels,
  },
  'environment of a function': { stack: 'home', unit: 'bytes', bound: 4_096, page: lambda, fix: shorterName },
  'name of a function': {
    stack: 'home',
    unit: 'characters',
    bound: 64,
    page: docs('lambda/latest/api/API_CreateFunction.html'),
    fix: shorterName,
  },
  'code of a function with its config': {
    stack: 'home',
    unit: 'bytes',
    bound: 262_144_000,
    page: lambda,
    fix: fewerTargets,
  },
  'file descriptors of a probe': { stack: 'probe', unit: 'sockets', bound: 1_024, page: lambda, fix: fewerTargets },
  'pattern of a rule': { stack: 'home', unit: 'characters', bound: 2_048, page: eventBridge, fix: shorterName },
  'entry on a bus': {
    stack: 'probe',
    unit: 'bytes',
    bound: 262_144,
    page: docs('eventbridge/latest/userguide/eb-putevents.html'),
    fix: fewerTargets,
  },
  'e-mails a second to an address': {
    stack: 'home',
    unit: 'e-mails',
    bound: 10,
    page: docs('sns/latest/dg/sns-email-notifications.html'),
    fix: fewerChannels,
  },
  'values of a filter policy': { stack: 'home', unit: 'values', bound: 150, page: sns, fix: fewerChannels },
  'name of a queue': {
    stack: 'home',
    unit: 'characters',
    bound: 80,
    page: docs('AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html'),
    fix: shorterName,
  },
  'name of a secret': {
    stack: 'probe',
    unit: 'characters',
    bound: 512,
    page: docs('secretsmanager/latest/userguide/reference_limits.html'),
    fix: 'choose shorter names of secrets',
  },
  'metrics of a graph': {
    stack: 'home',
    unit: 'metrics',
    bound: 500,
    page: docs('AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html'),
    fix: 'choose fewer vantages',
  },
  'function at CloudFront': {
    stack: 'home',
    unit: 'bytes',
    bound: 10_240,
    page: docs('AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html'),
    fix: 'name fewer ranges in statusPage.allow',
  },
  'outbound rules of a security group': {
    stack: 'probe',
    unit: 'ports',
    bound: 60,
    page: docs('vpc/latest/userguide/amazon-vpc-limits.html'),
    fix: 'probe fewer different ports from a VPC, or split the targets between two deployments',
  },
} as const satisfies Readonly<Record<string, Bound>>;

/** A quota of the table with its use. */
export function quota(name: QuotaName, use: number, region?: string): Quota {
  return { name, ...bounds[name], use, ...(region === undefined ? {} : { region }) };
}

/** The exceeded quotas, as sentences with the use and the change to make. */
export function exceeded(quotas: readonly Quota[]): readonly string[] {
  return quotas
    .filter(({ use, bound }) => use > bound)
    .map(({ name, unit, use, bound, page, fix, region }) => {
      const where = region === undefined ? '' : ` in ${region}`;
      return `${name}${where}: ${figure(use)} ${unit}, but the quota is ${figure(bound)} (${page}): ${fix}`;
    });
}

function figure(many: number): string {
  return Math.ceil(many).toLocaleString('en-US');
}
