/** Posts to a Discord webhook, and edits what it posted. The text of servers is in a code block, where Markdown has no effect. */
import type { ChannelOf } from '../../../config/channel.ts';
import { clip, safeText } from '../../words/safe-text.ts';
import type { Refused, SentMessage } from '../sender.ts';
import { refusedByStatus, requestService, type ServiceReply, secondsToWait, urlFault } from '../service-request.ts';
import type { ChatPorts, SendOutcome } from './chat-ports.ts';
import { type ChatWords, chatWords, fittingLines, shortLines, TONE_MARKS } from './chat-words.ts';
import { postOrEdit } from './post-or-edit.ts';

type DiscordReceiver = Omit<ChannelOf<'discord'>, 'when'>;
type Answer = { readonly taken: true; readonly id: string } | (Refused & { refusesSecret?: boolean; isGone?: boolean });

/** Characters of `content`. https://docs.discord.com/developers/resources/webhook#execute-webhook */
const MOST_CHARACTERS = 2_000;

export async function sendToDiscord(
  receiver: DiscordReceiver,
  message: SentMessage,
  ports: ChatPorts,
): Promise<SendOutcome> {
  const written = await ports.secret(receiver.url);
  const fault = urlFault(written);
  if (fault !== null) return fault;
  const words = chatWords(message, ports.context);
  const call = (method: 'POST' | 'PATCH', path: string, content: string) =>
    callDiscord(ports, urlOf(written, path), method, content);
  return await postOrEdit(
    {
      post: async () => {
        const posted = await call('POST', '', discordText(words, true));
        return posted.taken ? { taken: true, message: posted.id } : posted;
      },
      edit: (id) => call('PATCH', `/messages/${encodeURIComponent(id)}`, discordText(words, true)),
      // There are no replies by webhook: an edit notifies nobody, so that news is a message of its own.
      follow: async (_, isLoud) => (isLoud ? await call('POST', '', discordText(words, false)) : { taken: true }),
    },
    message,
  );
}

/** With `wait`, Discord answers with the message, or why there is none. `thread_id` of the URL is kept. */
function urlOf(written: string, path: string): string {
  const url = new URL(written);
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  url.searchParams.set('wait', 'true');
  return url.href;
}

async function callDiscord(
  { signal }: ChatPorts,
  url: string,
  method: 'POST' | 'PATCH',
  content: string,
): Promise<Answer> {
  const json = { content, allowed_mentions: { parse: [] }, flags: SUPPRESS_EMBEDS };
  const reply = await requestService({ url, method, json }, signal);
  return 'taken' in reply ? reply : answerOf(reply);
}

/** No preview of a link that a server wrote. */
const SUPPRESS_EMBEDS = 4;

const UNKNOWN_MESSAGE = 10_008;

function answerOf(reply: ServiceReply): Answer {
  const { id, code, message, retry_after } = reply.fields;
  const text = typeof message === 'string' ? safeText(message, 100) : '';
  const refused = refusedByStatus(reply, text);
  if (refused === null && typeof id === 'string') return { taken: true, id };
  if (refused === null)
    return { taken: false, words: 'the answer is not one of Discord', retryAfter: reply.retryAfter };
  const isGone = reply.status === 404 && code === UNKNOWN_MESSAGE;
  return {
    ...refused,
    retryAfter: secondsToWait(retry_after) ?? refused.retryAfter,
    isGone,
    refusesSecret: !isGone && [401, 403, 404].includes(reply.status),
  };
}

/** @param isWhole with the facts, not the first line alone */
export function discordText(words: ChatWords, isWhole: boolean): string {
  const head = `${TONE_MARKS[words.tone]} **${markdownEscaped(clip(words.title, 200))}**\n`;
  const lines = (isWhole ? shortLines(words) : [words.line]).map(inCodeBlock);
  const fitting = fittingLines(lines, MOST_CHARACTERS - head.length - FENCE);
  return `${head}\`\`\`\n${fitting.join('\n')}\n\`\`\``;
}

/** Characters around the text of a code block. */
const FENCE = 8;

/** Three backticks would end the code block. */
function inCodeBlock(line: string): string {
  return line.replaceAll('`', "'");
}

/** Discord takes a backslash before any ASCII punctuation. */
function markdownEscaped(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
