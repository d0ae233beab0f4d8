import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';
import { type Subscription, statusOfArn } from './subscription.ts';

/** Pages of 100. */
const MOST_PAGES = 100;

/**
 * All subscriptions of a topic.
 * @throws Error if there are so many that the list would be incomplete
 */
export async function listSubscriptions(client: SNSClient, topicArn: string): Promise<readonly Subscription[]> {
  const found: Subscription[] = [];
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const request = new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, ...(next && { NextToken: next }) });
    const { Subscriptions = [], NextToken } = await client.send(request);
    found.push(...Subscriptions.map(subscriptionOf));
    if (!NextToken) return found;
    next = NextToken;
  }
  throw new Error(`the topic has more than ${MOST_PAGES * 100} subscriptions`);
}

function subscriptionOf({
  Protocol = '',
  Endpoint = '',
  SubscriptionArn = '',
}: {
  readonly Protocol?: string | undefined;
  readonly Endpoint?: string | undefined;
  readonly SubscriptionArn?: string | undefined;
}): Subscription {
  return { protocol: Protocol, endpoint: Endpoint, status: statusOfArn(SubscriptionArn) };
}
