/** Answers `smtp-quorum test-alert`: tests the channels of the deployment with its own config, role and network. */
import {
  namedStatuses,
  namedSubscribers,
  type Subscription,
  type SubscriptionStatus,
  subscriberOf,
} from '../alert/subscriptions/subscription.ts';
import type { DeliverPorts } from '../ports.ts';
import type { TestRequest } from './deliver-event.ts';
import { channelsNamed, sendTests, type TestResult } from './send-tests.ts';

export interface TestReport {
  readonly results: readonly TestResult[];
  /** Ids of all channels and subscriptions that a request may name. */
  readonly channels: readonly string[];
  /** Empty if the topic was not tested, null if SNS did not list them. */
  readonly subscriptions: readonly TestedSubscription[] | null;
}

/** A subscription of the topic, or one that the config names and the topic does not have. */
export interface TestedSubscription {
  readonly protocol: string;
  /** Of a URL its origin; null if it is missing, because no function has the addresses of the config. */
  readonly endpoint: string | null;
  readonly status: SubscriptionStatus | 'missing';
  /** The id of a subscription that the config names; null for all others. */
  readonly named: string | null;
}

type AnswerPorts = Pick<DeliverPorts, 'config' | 'channels' | 'senderOf' | 'now'>;

export async function answerTestRequest(
  ports: AnswerPorts,
  { testAlert: { id, channel } }: TestRequest,
  listTopic: () => Promise<readonly Subscription[]>,
): Promise<TestReport> {
  const tested = channel === null ? ports.channels : channelsNamed(ports, channel);
  const hasTopic = tested.some(({ kind }) => kind === 'topic');
  const [results, found] = await Promise.all([
    sendTests(ports, tested, id),
    hasTopic ? listTopic().catch(() => null) : [],
  ]);
  const channels = [...ports.channels.map((one) => one.id), ...namedSubscribers(ports.config)];
  return { results, channels, subscriptions: found && hasTopic ? testedSubscriptions(ports, found) : found && [] };
}

function testedSubscriptions({ config }: AnswerPorts, found: readonly Subscription[]): readonly TestedSubscription[] {
  const named = namedSubscribers(config);
  const listed = found.map(({ protocol, endpoint, status }) => {
    const id = subscriberOf({ protocol, endpoint });
    return { protocol, endpoint: withoutPath(endpoint), status, named: id !== null && named.includes(id) ? id : null };
  });
  const missing = [...namedStatuses(config, found)].filter(
    ([id, status]) => status === 'missing' && !listed.some((one) => one.named === id),
  );
  return [...listed, ...missing.map(([id]) => missingSubscription(id))];
}

function missingSubscription(id: string): TestedSubscription {
  return { protocol: id.replace(/:.*$/, ''), endpoint: null, status: 'missing', named: id };
}

/** The path of a URL is a secret at many receivers. */
function withoutPath(endpoint: string): string {
  return /^https?:\/\//.test(endpoint) && URL.canParse(endpoint) ? new URL(endpoint).origin : endpoint;
}
