import { topicAttribute } from '../../lambda/alert/channels/alert-filter.ts';
import type { Config } from '../../lambda/config/config.ts';
import type { AlertTopic } from '../../lambda/config/schema/selectable-alert-kinds.ts';

/** A subscriber that a topic should have. */
export interface SubscriberAddress {
  readonly protocol: string;
  readonly endpoint: string;
  /** The alerts that the subscriber receives; null for all. */
  readonly when: readonly AlertTopic[] | null;
}

/** The e-mail addresses and numbers of the config. A webhook is served by a function of the stack, and needs no address here. */
export function subscriberAddresses({ notify }: Pick<Config, 'notify'>): readonly SubscriberAddress[] {
  return notify.flatMap((channel) => {
    if (channel.kind === 'email') return [{ protocol: 'email', endpoint: channel.address, when: channel.when }];
    return channel.kind === 'sms' ? [{ protocol: 'sms', endpoint: channel.number, when: channel.when }] : [];
  });
}

/**
 * The command that subscribes an address again. SNS deletes an e-mail subscription that is not confirmed in time, and
 * CloudFormation creates it again only if its template changes.
 */
export function subscribeCommand(topicArn: string, { protocol, endpoint, when }: SubscriberAddress): string {
  const [, , , region] = topicArn.split(':');
  return [
    `aws sns subscribe --topic-arn ${topicArn} --region ${region}`,
    `--protocol ${protocol} --notification-endpoint '${endpoint}'`,
    ...(when === null ? [] : [`--attributes '${JSON.stringify({ FilterPolicy: filterOf(when) })}'`]),
  ].join(' ');
}

/** The filter policy that the subscriptions of the stack have. */
function filterOf(when: readonly AlertTopic[]): string {
  return JSON.stringify({ [topicAttribute]: when });
}
