/** Which alerts a channel wants, by its `when`. */
import type { AlertTopic, Channel } from '../../config/config.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';

/** The message attribute that the filter policies of the SNS subscriptions compare with `when`. */
export const topicAttribute = 'topic';

/** Whether a channel wants this alert. */
export function wantsAlert(channel: Pick<Channel, 'when'>, alert: Pick<Alert, 'kind' | 'is'>): boolean {
  return channel.when.includes(alertTopicOf(alert));
}

/** The topic of an alert. An update has the topic of its verdict; flapping has the topic `degraded`. */
export function alertTopicOf({ kind, is }: Pick<Alert, 'kind' | 'is'>): AlertTopic {
  switch (kind) {
    case 'down':
    case 'degraded':
    case 'recovered':
    case 'unknown':
    case 'changed':
    case 'blind':
      return kind;
    case 'flapping':
      return 'degraded';
    case 'update':
      return is === 'up' ? 'recovered' : is;
    default:
      return kind satisfies never;
  }
}
