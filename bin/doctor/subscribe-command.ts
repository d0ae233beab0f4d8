import { topicAttribute } from '../../lambda/alert/channels/alert-filter.ts';
import type { AlertTopic, Config } from '../../lambda/config/config.ts';

/** Someone who should be subscribed to a topic. */
export interface SubscriberAddress {
  readonly protocol: string;
  readonly endpoint: string;
  /** What is wanted of the topic; null: all of it. */
  readonly when: readonly AlertTopic[] | null;
}

/** E-mail addresses and numbers that the config names; a webhook's subscriber is a function of ours. */
export function subscriberAddresses({ notify }: Pick<Config, 'notify'>): readonly SubscriberAddress[] {
  return notify.flatMap((channel) => {
    if (channel.kind === 'email') return [{ protocol: 'email', endpoint: channel.address, when: channel.when }];
    return channel.kind === 'sms' ? [{ protocol: 'sms', endpoint: channel.number, when: channel.when }] : [];
  });
}

/**
 * The command that subscribes them, once more: an e-mail subscription that lapsed unconfirmed is gone, and CloudFormation
 * makes it anew only when its template changes.
 */
export function subscribeCommand(topicArn: string, { protocol, endpoint, when }: SubscriberAddress): string {
  const [, , , region] = topicArn.split(':');
  return [
    `aws sns subscribe --topic-arn ${topicArn} --region ${region}`,
    `--protocol ${protocol} --notification-endpoint '${endpoint}'`,
    ...(when === null ? [] : [`--attributes '${JSON.stringify({ FilterPolicy: filterOf(when) })}'`]),
  ].join(' ');
}

/** As the stack's own subscriptions have it. */
function filterOf(when: readonly AlertTopic[]): string {
  return JSON.stringify({ [topicAttribute]: when });
}
