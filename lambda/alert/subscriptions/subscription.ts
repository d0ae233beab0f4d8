import { isSubscribed } from '../../config/channel.ts';
import type { Config } from '../../config/config.ts';
import { subscriberId } from '../channels/channel-ids.ts';

/** SNS lists a deleted subscription for up to three days. */
export type SubscriptionStatus = 'confirmed' | 'pending' | 'deleted';

/** A subscription of the topic. */
export interface Subscription {
  /** `email`, `sms`, `lambda`, … */
  readonly protocol: string;
  readonly endpoint: string;
  readonly status: SubscriptionStatus;
}

/** `missing` also if SNS lists it as deleted. */
export type NamedStatus = 'confirmed' | 'pending' | 'missing';

/** By what SNS lists in place of an ARN until the confirmation, and after the end. */
export function statusOfArn(arn: string): SubscriptionStatus {
  if (arn.startsWith('arn:')) return 'confirmed';
  return arn === 'Deleted' ? 'deleted' : 'pending';
}

/** The id of the subscriber, as the config names it; null if the config cannot name one of this protocol. */
export function subscriberOf({ protocol, endpoint }: Pick<Subscription, 'protocol' | 'endpoint'>): string | null {
  switch (protocol) {
    case 'email':
    case 'email-json':
      return subscriberId({ kind: 'email', address: endpoint });
    case 'sms':
      return subscriberId({ kind: 'sms', number: endpoint });
    default:
      return null;
  }
}

/** The ids of the subscriptions that the config names. Webhooks are none: `deliver` posts to them. */
export function namedSubscribers({ notify }: Pick<Config, 'notify'>): readonly string[] {
  return [...new Set(notify.flatMap((channel) => (isSubscribed(channel) ? [subscriberId(channel)] : [])))];
}

/** The status of each subscription that the config names, by its id. An address may be listed again after it was deleted. */
export function namedStatuses(
  config: Pick<Config, 'notify'>,
  found: readonly Subscription[],
): ReadonlyMap<string, NamedStatus> {
  const statusOf = (id: string): NamedStatus => {
    const own = found.filter((subscription) => subscriberOf(subscription) === id).map(({ status }) => status);
    if (own.includes('confirmed')) return 'confirmed';
    return own.includes('pending') ? 'pending' : 'missing';
  };
  return new Map(namedSubscribers(config).map((id) => [id, statusOf(id)]));
}
