/** The sender of each service of `notify`. */
import type { ServiceReceiver } from '../../config/channel.ts';
import { amazonQSender } from './pagers/amazon-q.ts';
import { jsmSender } from './pagers/jsm.ts';
import { pagerdutySender } from './pagers/pagerduty.ts';
import { phoneSender } from './pagers/phone.ts';
import type { Sender } from './sender.ts';
import type { ServicePorts } from './service-ports.ts';

type SenderFor<Kind extends ServiceReceiver['kind']> = (
  receiver: Extract<ServiceReceiver, { readonly kind: Kind }>,
  ports: ServicePorts,
) => Sender;

/** A kind that is not here has no sender yet. */
const SENDERS: { readonly [Kind in ServiceReceiver['kind']]?: SenderFor<Kind> } = {
  pagerduty: pagerdutySender,
  jsm: jsmSender,
  'amazon-q': amazonQSender,
  phone: phoneSender,
};

export function serviceSender<Kind extends ServiceReceiver['kind']>(
  receiver: Extract<ServiceReceiver, { readonly kind: Kind }>,
  ports: ServicePorts,
): Sender {
  const senderFor = SENDERS[receiver.kind as Kind] as SenderFor<Kind> | undefined;
  if (senderFor === undefined) throw new Error(`there is no sender for ${receiver.kind}`);
  return senderFor(receiver, ports);
}
