/** The sender of each service of `notify`. */
import type { ServiceReceiver } from '../../config/channel.ts';
import { chatSender } from './chat/chat-sender.ts';
import { sendToDiscord } from './chat/discord.ts';
import { sendToNtfy } from './chat/ntfy.ts';
import { sendToTeams } from './chat/teams.ts';
import { sendToTelegram } from './chat/telegram.ts';
import { amazonQSender } from './pagers/amazon-q.ts';
import { jsmSender } from './pagers/jsm.ts';
import { pagerdutySender } from './pagers/pagerduty.ts';
import { phoneSender } from './pagers/phone.ts';
import type { Sender } from './sender.ts';
import type { ServicePorts } from './service-ports.ts';
import { sendToSlack } from './slack/bot.ts';
import { sendToSlackWebhook } from './slack/incoming-webhook.ts';

type SenderFor<Kind extends ServiceReceiver['kind']> = (
  receiver: Extract<ServiceReceiver, { readonly kind: Kind }>,
  ports: ServicePorts,
) => Sender;

const SENDERS: { readonly [Kind in ServiceReceiver['kind']]: SenderFor<Kind> } = {
  slack: chatSender(sendToSlack),
  'slack-webhook': chatSender(sendToSlackWebhook),
  teams: chatSender(sendToTeams),
  discord: chatSender(sendToDiscord),
  telegram: chatSender(sendToTelegram),
  ntfy: chatSender(sendToNtfy),
  pagerduty: pagerdutySender,
  jsm: jsmSender,
  'amazon-q': amazonQSender,
  phone: phoneSender,
};

export function serviceSender<Kind extends ServiceReceiver['kind']>(
  receiver: Extract<ServiceReceiver, { readonly kind: Kind }>,
  ports: ServicePorts,
): Sender {
  const senderFor = SENDERS[receiver.kind as Kind] as SenderFor<Kind>;
  return senderFor(receiver, ports);
}
