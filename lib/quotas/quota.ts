/** One limit of AWS: how much of it a config uses. */
export interface Quota {
  readonly name: QuotaName;
  /** The kind of stack that uses it. */
  readonly stack: 'home' | 'probe';
  /** What it is counted in: resources, bytes, characters, … */
  readonly unit: string;
  /** At most as much as the deployment will use. */
  readonly use: number;
  /** The most that AWS takes, by default. */
  readonly bound: number;
  /** Where AWS says so. */
  readonly page: string;
  /** What to change where it is exceeded. */
  readonly fix: string;
  /** The region of the stack that uses most of it; absent where it is about the whole. */
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

const fewerChannels = 'name fewer webhooks and addresses in notify, or let one webhook or SQS queue hand alerts on';
const shorterName = 'choose a shorter name';
const fewerSecrets =
  'give the secrets names that begin alike, and set secretPrefix in the context of cdk.json; or use one secret for several targets';
const fewerTargets = 'split the targets between two fleets, with a name each';

/** The limits that a config can reach, as AWS documents them. Read on 2026-11-26. */
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
  // CDK uploads each template to S3; only one that is sent along with the call is bound to 51,200 bytes.
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
  'outbound rules of a security group': {
    stack: 'probe',
    unit: 'ports',
    bound: 60,
    page: docs('vpc/latest/userguide/amazon-vpc-limits.html'),
    fix: 'probe fewer different ports from a VPC, or split the targets between two fleets',
  },
} as const satisfies Readonly<Record<string, Bound>>;

/** How much of one limit is used. */
export function quota(name: QuotaName, use: number, region?: string): Quota {
  return { name, ...bounds[name], use, ...(region === undefined ? {} : { region }) };
}

/** What would fail at deployment, as sentences with the sum and what to change. */
export function exceeded(quotas: readonly Quota[]): readonly string[] {
  return quotas
    .filter(({ use, bound }) => use > bound)
    .map(({ name, unit, use, bound, page, fix, region }) => {
      const where = region === undefined ? '' : ` in ${region}`;
      return `${name}${where}: ${figure(use)} ${unit}, and AWS takes ${figure(bound)} (${page}): ${fix}`;
    });
}

function figure(many: number): string {
  return Math.ceil(many).toLocaleString('en-US');
}
