import { SubscriptionFilter, type Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { topicAttribute } from '../../lambda/alert/channels/alert-filter.ts';
import type { Config } from '../../lambda/config/config.ts';
import type { AlertTopic } from '../../lambda/config/schema/selectable-alert-kinds.ts';

/** Subscribes the e-mail addresses and telephone numbers of `notify` to what they want. */
export function subscribeChannels(topic: Topic, { notify }: Pick<Config, 'notify'>): void {
  for (const channel of notify) {
    const filterPolicy = filterOf(channel.when);
    switch (channel.kind) {
      case 'email':
        topic.addSubscription(new EmailSubscription(channel.address, { filterPolicy }));
        break;
      case 'sms':
        topic.addSubscription(new SmsSubscription(channel.number, { filterPolicy }));
        break;
      default:
        // `deliver` posts to the others.
        break;
    }
  }
}

function filterOf(when: readonly AlertTopic[]): Record<string, SubscriptionFilter> {
  return { [topicAttribute]: SubscriptionFilter.stringFilter({ allowlist: [...when] }) };
}
