/** Posts to an incoming webhook of Slack. Its answer does not name the message, so that nothing can be edited. */
import type { ChannelOf } from '../../../config/channel.ts';
import { safeText } from '../../words/safe-text.ts';
import type { ChatPorts, SendOutcome } from '../chat/chat-ports.ts';
import { chatWords } from '../chat/chat-words.ts';
import type { SentMessage } from '../sender.ts';
import { refusedByStatus, requestService, urlFault } from '../service-request.ts';
import { wholeContent } from './blocks.ts';

type WebhookReceiver = Omit<ChannelOf<'slack-webhook'>, 'when'>;

export async function sendToSlackWebhook(
  receiver: WebhookReceiver,
  message: SentMessage,
  ports: ChatPorts,
): Promise<SendOutcome> {
  const url = await ports.secret(receiver.url);
  const fault = urlFault(url);
  if (fault !== null) return fault;
  const { link_names: _, ...content } = wholeContent(chatWords(message, ports.context));
  const reply = await requestService({ url, json: content }, ports.signal);
  if ('taken' in reply) return reply;
  const refused = refusedByStatus(reply, safeText(reply.text.trim(), 100));
  if (refused !== null) return { ...refused, refusesSecret: reply.status === 403 || reply.status === 404 };
  if (reply.text.trim() === 'ok') return { taken: true, answer: 'ok' };
  return {
    taken: false,
    words: `HTTP ${reply.status}, but not "ok": ${safeText(reply.text.trim(), 100)}`,
    retryAfter: reply.retryAfter,
  };
}
