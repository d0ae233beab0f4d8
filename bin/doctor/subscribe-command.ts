import { channelsAttribute } from '../../lambda/alert/channels/alert-filter.ts';
import { subscriberId } from '../../lambda/alert/channels/channel-ids.ts';
import { isSubscribed } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';

/** A subscriber that a topic should have. */
export interface SubscriberAddress {
  readonly protocol: string;
  readonly endpoint: string;
  /** The id under which alerts are addressed to it; null if it gets all. */
  readonly id: string | null;
}

/** The e-mail addresses and numbers of the config. A webhook is served by a function of the stack, and needs no address here. */
export function subscriberAddresses({ notify }: Pick<Config, 'notify'>): readonly SubscriberAddress[] {
  const addresses = notify.filter(isSubscribed).map((channel): SubscriberAddress => {
    const endpoint = channel.kind === 'email' ? channel.address : channel.number;
    return { protocol: channel.kind, endpoint, id: subscriberId(channel) };
  });
  // An address may have several entries, and one subscription.
  return addresses.filter(({ id }, place) => addresses.findIndex((other) => other.id === id) === place);
}

/**
 * The command that subscribes an address again. SNS deletes an e-mail subscription that is not confirmed in time, and
 * CloudFormation creates it again only if its template changes.
 */
export function subscribeCommand(topicArn: string, { protocol, endpoint, id }: SubscriberAddress): string {
  const [, , , region] = topicArn.split(':');
  return [
    `aws sns subscribe --topic-arn ${topicArn} --region ${region}`,
    `--protocol ${protocol} --notification-endpoint '${endpoint}'`,
    ...(id === null ? [] : [`--attributes '${JSON.stringify({ FilterPolicy: filterOf(id) })}'`]),
  ].join(' ');
}

/** The filter policy that the subscriptions of the stack have. */
function filterOf(id: string): string {
  return JSON.stringify({ [channelsAttribute]: [id] });
}
