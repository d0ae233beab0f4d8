/**
 * Posts and edits messages of a Telegram bot: `sendMessage` and `editMessageText`. There is no `parse_mode`: formats are given by
 * place, so that a text cannot contain any. In `pre`, Telegram looks for no mention, link or command.
 */
import type { ChannelOf } from '../../../config/channel.ts';
import { clip, safeText } from '../../words/safe-text.ts';
import type { Refused, SentMessage } from '../sender.ts';
import { refusedByStatus, requestService, type ServiceReply, secondsToWait } from '../service-request.ts';
import type { ChatPorts, SendOutcome } from './chat-ports.ts';
import { type ChatWords, chatWords, fittingLines, shortLines, TONE_MARKS } from './chat-words.ts';
import { postOrEdit } from './post-or-edit.ts';

type TelegramReceiver = Omit<ChannelOf<'telegram'>, 'when'>;
type Answer = { readonly taken: true; readonly id: string } | (Refused & { refusesSecret?: boolean; isGone?: boolean });

/** Characters of a message, counted here in UTF-16 units, which are never fewer. https://core.telegram.org/bots/api#sendmessage */
const MOST_CHARACTERS = 4_096;

export async function sendToTelegram(
  receiver: TelegramReceiver,
  message: SentMessage,
  ports: ChatPorts,
): Promise<SendOutcome> {
  const token = await ports.secret(receiver.token);
  const words = chatWords(message, ports.context);
  const call = (method: string, fields: object) =>
    callTelegram(ports, token, method, {
      chat_id: receiver.chat,
      link_preview_options: { is_disabled: true },
      ...fields,
    });
  return await postOrEdit(
    {
      post: async () => {
        const posted = await call('sendMessage', telegramText(words, true));
        return posted.taken ? { taken: true, message: posted.id } : posted;
      },
      edit: (id) => call('editMessageText', { message_id: Number(id), ...telegramText(words, true) }),
      follow: async (id, isLoud) => {
        const reply_parameters = { message_id: Number(id), allow_sending_without_reply: true };
        // An edit notifies nobody: news is a reply to the message.
        return isLoud
          ? await call('sendMessage', { reply_parameters, ...telegramText(words, false) })
          : { taken: true };
      },
    },
    message,
  );
}

async function callTelegram(ports: ChatPorts, token: string, method: string, json: object): Promise<Answer> {
  // The token is a part of the path. One with a slash would reach another method.
  const url = `${ports.origins.telegram}/bot${encodeURIComponent(token).replaceAll('%3A', ':')}/${method}`;
  const reply = await requestService({ url, json }, ports.signal);
  return 'taken' in reply ? reply : answerOf(reply);
}

function answerOf(reply: ServiceReply): Answer {
  const { ok, result, description, parameters } = reply.fields;
  const text = typeof description === 'string' ? description : '';
  if (ok === true) return { taken: true, id: String(field(result, 'message_id') ?? '') };
  // The message has this text already: an edit was repeated.
  if (/message is not modified/i.test(text)) return { taken: true, id: '' };
  const words = [safeText(text, 150), remedyOf(text, parameters)].filter((part) => part !== '').join('; ');
  const refused = refusedByStatus(reply, words) ?? {
    taken: false,
    words: words || 'the answer is not one of Telegram',
    retryAfter: null,
  };
  return {
    ...refused,
    retryAfter: secondsToWait(field(parameters, 'retry_after')) ?? reply.retryAfter,
    refusesSecret: reply.status === 401 || reply.status === 404,
    isGone: /message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i.test(text),
  };
}

function remedyOf(description: string, parameters: unknown): string {
  const moved = field(parameters, 'migrate_to_chat_id');
  if (typeof moved === 'number') return `the chat has a new id: configure chat: "${moved}"`;
  if (/chat not found/i.test(description)) return 'add the bot to the chat, and check its id';
  if (/bot was (?:kicked|blocked)/i.test(description)) return 'add the bot to the chat again';
  return '';
}

function field(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null
    ? (object as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

interface TelegramText {
  readonly text: string;
  readonly entities: readonly { readonly type: 'bold' | 'pre'; readonly offset: number; readonly length: number }[];
}

/** Places of formats are counted in UTF-16 units. @param isWhole with the facts, not the first line alone */
export function telegramText(words: ChatWords, isWhole: boolean): TelegramText {
  const mark = `${TONE_MARKS[words.tone]} `;
  const title = clip(words.title, 200);
  const head = `${mark}${title}\n`;
  const lines = isWhole ? shortLines(words) : [words.line];
  const body = fittingLines(lines, MOST_CHARACTERS - head.length).join('\n');
  return {
    text: head + body,
    entities: [
      { type: 'bold', offset: mark.length, length: title.length },
      { type: 'pre', offset: head.length, length: body.length },
    ],
  };
}
