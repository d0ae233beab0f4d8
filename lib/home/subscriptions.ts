import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { SubscriptionFilter, type Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, LambdaSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { topicAttribute } from '../../lambda/alert/channels/alert-filter.ts';
import type { AlertTopic, Config } from '../../lambda/config/config.ts';
import { handlerFunction } from '../function/handler-function.ts';
import { namesOf } from '../naming/names.ts';

export interface SubscriptionsProps {
  readonly config: Config;
  readonly logRetention: RetentionDays;
  readonly undelivered: IQueue;
}

/** Subscribes every channel of `notify` to what it wants to hear of. */
export function subscribeChannels(topic: Topic, props: SubscriptionsProps): void {
  for (const [index, channel] of props.config.notify.entries()) {
    const filterPolicy = filterOf(channel.when);
    switch (channel.kind) {
      case 'email':
        topic.addSubscription(new EmailSubscription(channel.address, { filterPolicy }));
        break;
      case 'sms':
        topic.addSubscription(new SmsSubscription(channel.number, { filterPolicy }));
        break;
      case 'webhook':
        topic.addSubscription(
          new LambdaSubscription(webhookFunction(topic, index, props), {
            filterPolicy,
            deadLetterQueue: props.undelivered,
          }),
        );
        break;
      default:
        channel satisfies never;
    }
  }
}

function filterOf(when: readonly AlertTopic[]): Record<string, SubscriptionFilter> {
  return { [topicAttribute]: SubscriptionFilter.stringFilter({ allowlist: [...when] }) };
}

function webhookFunction(topic: Topic, index: number, { config, logRetention, undelivered }: SubscriptionsProps) {
  return handlerFunction(topic.stack, `Webhook${index}`, {
    handler: 'webhook',
    functionName: `${namesOf(config).alerts}-webhook-${index}`,
    description: `Posts alerts to the webhook notify[${index}]`,
    config,
    environment: { webhook: String(index) },
    // Four attempts of 10 s with pauses between.
    timeout: Duration.seconds(50),
    memorySize: 128,
    logRetention,
    retryAttempts: 2,
    maxEventAge: Duration.hours(6),
    undelivered,
  });
}
