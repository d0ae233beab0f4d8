/** Which alerts a channel wants, by its `when`. */
import type { Channel } from '../../config/channel.ts';
import { type AlertTopic, alertTopics } from '../../config/schema/selectable-alert-kinds.ts';
import type { Alert, AlertKind } from '../../consensus/judgement/incident.ts';

/** The message attribute that the filter policies of the SNS subscriptions compare with `when`. */
export const topicAttribute = 'topic';

/** The message attribute that names the e-mail addresses and telephone numbers of the config that an alert is for. */
export const channelsAttribute = 'channels';

type FilteredAlert = Pick<Alert, 'kind' | 'is' | 'digest' | 'toAll'>;

/** Whether a channel wants this alert. A digest is wanted if one of its alerts is. */
export function wantsAlert(channel: Pick<Channel, 'when'>, alert: FilteredAlert): boolean {
  return topicsOf(alert).some((topic) => channel.when.includes(topic));
}

/**
 * The topics of an alert: one, or those of all alerts of a digest. An update has the topic of its verdict; flapping has the
 * topic `degraded`, an alert about a channel the topic `blind`; the end of a finding has the topic of its beginning. A test and an
 * alert with `toAll` have all topics.
 */
export function topicsOf({ kind, is, digest, toAll }: FilteredAlert): readonly AlertTopic[] {
  if (kind === 'test' || toAll === true) return alertTopics;
  const kinds = digest === undefined ? [kind] : (Object.keys(digest.kinds) as AlertKind[]);
  return [...new Set(kinds.map((one) => topicOf(one, is)))];
}

function topicOf(kind: AlertKind, is: Alert['is']): AlertTopic {
  switch (kind) {
    case 'down':
    case 'degraded':
    case 'recovered':
    case 'unknown':
    case 'changed':
    case 'blind':
    case 'listed':
    case 'posture':
    case 'trip':
    case 'bounces':
      return kind;
    case 'trip-over':
      return 'trip';
    case 'delisted':
      return 'listed';
    case 'posture-over':
      return 'posture';
    case 'bounces-over':
      return 'bounces';
    case 'flapping':
      return 'degraded';
    case 'undelivered':
    case 'test':
      return 'blind';
    case 'digest':
    case 'update':
      return is === 'up' ? 'recovered' : is;
    default:
      return kind satisfies never;
  }
}
