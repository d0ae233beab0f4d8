/** Sends one message on one channel, with what the channel posted before of the same matter. */
import type { PostedMessage, Refused, Taken } from '../alert/channels/sender.ts';
import type { DeliveryChannel } from '../alert/delivery/configured-channels.ts';
import type { Message } from '../alert/delivery/message.ts';
import type { DeliverPorts } from '../ports.ts';
import { postedUnder } from './posted-messages.ts';

type SendPorts = Pick<DeliverPorts, 'senderOf' | 'deliveries'>;

/** What was posted is stored before its delivery ends: a process that ends in between edits the message, and posts none. */
export async function sendMessage(
  { senderOf, deliveries }: SendPorts,
  channel: DeliveryChannel,
  message: Message,
  signal: AbortSignal,
): Promise<Taken | Refused> {
  const matter = channel.kind === 'service' ? placeOf(message) : null;
  if (matter === null) return await senderOf(channel)(message, signal);
  const posted = await deliveries.posted(channel.id, matter);
  // Without the reference, the next message of the matter is a new one. That is better than to send this one again.
  const remember = async (now: PostedMessage) => await deliveries.keepPosted(channel.id, matter, now).catch(() => {});
  const result = await senderOf(channel)({ ...message, ...(posted && { posted }), remember }, signal);
  if (result.taken && result.posted !== undefined) await remember(result.posted);
  return result;
}

/** A message of a group stands under the incident that began the group. */
function placeOf({ alert, edits, group }: Message): string | null {
  return edits ?? postedUnder(alert) ?? group?.id ?? null;
}
