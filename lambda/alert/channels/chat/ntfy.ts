/** Publishes to a topic of ntfy, as JSON. The message is plain text: `markdown` is not set. https://docs.ntfy.sh/publish/ */
import type { ChannelOf } from '../../../config/channel.ts';
import { safeText } from '../../words/safe-text.ts';
import type { SentMessage } from '../sender.ts';
import { refusedByStatus, requestService } from '../service-request.ts';
import type { ChatPorts, SendOutcome } from './chat-ports.ts';
import { type ChatTone, type ChatWords, chatWords, fittingLines, shortLines } from './chat-words.ts';

type NtfyReceiver = Omit<ChannelOf<'ntfy'>, 'when'>;

/** Octets of a message. ntfy makes a longer one an attachment, which phones do not show. */
const MOST_OCTETS = 4_096;
/** Octets of a title. ntfy states no limit; phones show one line. */
const LONGEST_TITLE = 200;

/** 5 rings through "do not disturb" where the owner of the phone allows it. */
const PRIORITIES: Readonly<Record<ChatTone, number>> = { bad: 5, warning: 4, good: 3, plain: 3 };
const TAGS: Readonly<Record<ChatTone, string>> = {
  bad: 'red_circle',
  warning: 'orange_circle',
  good: 'green_circle',
  plain: 'white_circle',
};

export async function sendToNtfy(receiver: NtfyReceiver, message: SentMessage, ports: ChatPorts): Promise<SendOutcome> {
  const token = receiver.token === undefined ? null : await ports.secret(receiver.token);
  const { origin, pathname } = new URL(receiver.url);
  const json = { topic: pathname.slice(1), ...ntfyMessage(chatWords(message, ports.context)) };
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const reply = await requestService({ url: `${origin}/`, json, headers }, ports.signal);
  if ('taken' in reply) return reply;
  const { id, error } = reply.fields;
  const refused = refusedByStatus(reply, typeof error === 'string' ? safeText(error, 150) : '');
  if (refused !== null) return { ...refused, refusesSecret: reply.status === 401 || reply.status === 403 };
  if (typeof id === 'string') return { taken: true, answer: `message ${safeText(id, 40)}` };
  return { taken: false, words: 'the answer is not one of ntfy', retryAfter: reply.retryAfter };
}

export function ntfyMessage(words: ChatWords) {
  const size = (text: string) => Buffer.byteLength(text);
  return {
    title: clipOctets(words.title, LONGEST_TITLE),
    message: fittingLines(shortLines(words), MOST_OCTETS, size).join('\n'),
    priority: PRIORITIES[words.tone],
    tags: [TAGS[words.tone]],
  };
}

/** At most `max` octets of UTF-8, cut between two characters. */
function clipOctets(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  const mark = '…';
  let room = max - Buffer.byteLength(mark);
  let kept = '';
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    kept += character;
  }
  return kept + mark;
}
