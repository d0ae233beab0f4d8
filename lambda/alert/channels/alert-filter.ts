import type { AlertTopic, Channel } from '../../config/config.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';

/** The attribute of an alert's message that the filter policies of the topic's subscriptions match with `when`. */
export const topicAttribute = 'topic';

/** Whether a channel wants this alert. An update is news of the verdict that it updates, flapping of a degraded one. */
export function wantsAlert(channel: Pick<Channel, 'when'>, alert: Pick<Alert, 'kind' | 'is'>): boolean {
  return channel.when.includes(alertTopicOf(alert));
}

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
