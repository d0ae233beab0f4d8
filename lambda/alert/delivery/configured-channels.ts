/** The channels that have deliveries of their own. */
import {
  type Channel as ConfiguredChannel,
  isService,
  type SecretReference,
  type ServiceReceiver,
} from '../../config/channel.ts';
import type { Config } from '../../config/config.ts';
import type { AlertTopic } from '../../config/schema/selectable-alert-kinds.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import { wantsAlert } from '../channels/alert-filter.ts';
import { isSubscriberId, receiverId, subscriberId, webhookId } from '../channels/channel-ids.ts';

/** One way to people. Its id is stable and contains no secret: of a URL it has the origin alone. */
export type DeliveryChannel =
  /** The SNS topic: e-mail, SMS and all other subscribers. */
  | { readonly kind: 'topic'; readonly id: 'topic'; readonly when: 'all' }
  /** The terminal of `smtp-quorum start`. */
  | { readonly kind: 'terminal'; readonly id: 'terminal'; readonly when: 'all' }
  | {
      readonly kind: 'webhook';
      readonly id: string;
      readonly when: readonly AlertTopic[];
      readonly url: string;
      readonly signature?: SecretReference;
    }
  /** The API of a service. */
  | {
      readonly kind: 'service';
      readonly id: string;
      readonly when: readonly AlertTopic[];
      readonly receiver: ServiceReceiver;
    }
  /** An e-mail address on one machine. On AWS it is a subscription of the topic. */
  | { readonly kind: 'email'; readonly id: string; readonly when: readonly AlertTopic[]; readonly address: string };

type AddressedChannel = Extract<DeliveryChannel, { kind: 'webhook' | 'email' | 'service' }>;

/** The channels of a monitor on AWS. E-mail and SMS are subscriptions of the topic. */
export function awsChannels({ notify }: Pick<Config, 'notify'>): readonly DeliveryChannel[] {
  return [
    { kind: 'topic', id: 'topic', when: 'all' },
    ...merged(notify.flatMap((channel) => [...webhookOf(channel), ...serviceOf(channel)])),
  ];
}

/** The channels of a monitor on one machine. E-mail needs a relay, and SMS needs AWS. */
export function localChannels({ notify, smtp }: Pick<Config, 'notify' | 'smtp'>): readonly DeliveryChannel[] {
  const addressed = notify.flatMap((channel) => [
    ...webhookOf(channel),
    ...serviceOf(channel),
    ...(smtp === undefined ? [] : mailboxOf(channel)),
  ]);
  return [{ kind: 'terminal', id: 'terminal', when: 'all' }, ...merged(addressed)];
}

function webhookOf(channel: ConfiguredChannel): readonly AddressedChannel[] {
  if (channel.kind !== 'webhook') return [];
  const { url, when, signature } = channel;
  return [{ kind: 'webhook', id: webhookId(url), when, url, ...(signature === undefined ? {} : { signature }) }];
}

function serviceOf(channel: ConfiguredChannel): readonly AddressedChannel[] {
  if (!isService(channel)) return [];
  return [{ kind: 'service', id: receiverId(channel), when: channel.when, receiver: channel }];
}

function mailboxOf(channel: ConfiguredChannel): readonly AddressedChannel[] {
  if (channel.kind !== 'email') return [];
  return [{ kind: 'email', id: subscriberId(channel), when: channel.when, address: channel.address }];
}

/** A URL or address that is configured twice is one channel. It gets what either entry wants, once. */
function merged(channels: readonly AddressedChannel[]): readonly AddressedChannel[] {
  const byId = new Map<string, AddressedChannel>();
  for (const channel of channels) {
    const when = [...new Set([...(byId.get(channel.id)?.when ?? []), ...channel.when])];
    byId.set(channel.id, { ...channel, when });
  }
  return [...byId.values()];
}

/** An addressed alert is for the receivers that it names; SNS carries those of the topic. */
export function channelWants({ id, kind, when }: DeliveryChannel, alert: Alert): boolean {
  const { to } = alert;
  if (to !== undefined) return to.includes(id) || (kind === 'topic' && to.some(isSubscriberId));
  return when === 'all' || wantsAlert({ when }, alert);
}
