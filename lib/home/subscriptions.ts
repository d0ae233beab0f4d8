import { SubscriptionFilter, type Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { channelsAttribute } from '../../lambda/alert/channels/alert-filter.ts';
import { subscriberId } from '../../lambda/alert/channels/channel-ids.ts';
import { isSubscribed } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';

/**
 * Subscribes the e-mail addresses and telephone numbers of `notify` to what is addressed to them. An address of several entries
 * is one subscription. The previous release sets the same attribute, so that no order of the updates of a deployment loses an
 * alert: a subscription and the function that publishes may be of different releases for some minutes.
 */
export function subscribeChannels(topic: Topic, { notify }: Pick<Config, 'notify'>): void {
  const subscribed = new Set<string>();
  for (const channel of notify) {
    if (!isSubscribed(channel)) continue;
    const id = subscriberId(channel);
    if (subscribed.has(id)) continue;
    subscribed.add(id);
    const filterPolicy = { [channelsAttribute]: SubscriptionFilter.stringFilter({ allowlist: [id] }) };
    topic.addSubscription(
      channel.kind === 'email'
        ? new EmailSubscription(channel.address, { filterPolicy })
        : new SmsSubscription(channel.number, { filterPolicy }),
    );
  }
}
