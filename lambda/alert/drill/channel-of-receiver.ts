import { isSubscriberId } from '../channels/channel-ids.ts';
import type { DeliveryChannel } from '../delivery/configured-channels.ts';

/** The channel whose deliveries reach a receiver: its own, or the topic that it subscribes to. Null if there is none here. */
export function subscriberChannelOf(channels: readonly DeliveryChannel[], receiver: string): string | null {
  if (channels.some(({ id }) => id === receiver)) return receiver;
  return isSubscriberId(receiver) && channels.some(({ kind }) => kind === 'topic') ? 'topic' : null;
}
