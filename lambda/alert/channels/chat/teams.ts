/**
 * Posts Adaptive Cards to a workflow of Microsoft Teams. All text is in `TextRun`, for which no Markdown exists.
 * https://adaptivecards.io/explorer/TextRun.html
 */
import type { ChannelOf } from '../../../config/channel.ts';
import { clip, safeText } from '../../words/safe-text.ts';
import type { SentMessage } from '../sender.ts';
import { refusedByStatus, requestService, urlFault } from '../service-request.ts';
import type { ChatPorts, SendOutcome } from './chat-ports.ts';
import { type ChatTone, type ChatWords, chatWords, fittingLines } from './chat-words.ts';

type TeamsReceiver = Omit<ChannelOf<'teams'>, 'when'>;
type CardPart = Readonly<Record<string, unknown>>;

/**
 * Octets of the whole message. Teams refuses more than 28 KB.
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 */
const MOST_OCTETS = 26_000;

const COLORS: Readonly<Record<ChatTone, string>> = {
  bad: 'Attention',
  warning: 'Warning',
  good: 'Good',
  plain: 'Default',
};

export async function sendToTeams(
  receiver: TeamsReceiver,
  message: SentMessage,
  ports: ChatPorts,
): Promise<SendOutcome> {
  const url = await ports.secret(receiver.url);
  const fault = urlFault(url);
  if (fault !== null) return fault;
  const reply = await requestService({ url, json: teamsMessage(chatWords(message, ports.context)) }, ports.signal);
  if ('taken' in reply) return reply;
  const { error } = reply.fields;
  const detail =
    typeof error === 'object' && error !== null && 'code' in error ? safeText(String(error.code), 100) : '';
  const refused = refusedByStatus(reply, detail);
  if (refused !== null) return { ...refused, refusesSecret: [401, 403, 404].includes(reply.status) };
  if (error === undefined && !FAILED.test(reply.text)) return { taken: true, answer: `HTTP ${reply.status}` };
  const words = `HTTP ${reply.status}, but: ${detail || safeText(clip(reply.text, 200), 200)}`;
  return { taken: false, words, retryAfter: reply.retryAfter };
}

/** Teams has answered 200 with this text when it did not take a message. */
const FAILED = /delivery failed|returned HTTP error/i;

export function teamsMessage(words: ChatWords): CardPart {
  const octets = (lines: readonly string[]) => Buffer.byteLength(JSON.stringify(cardOf(words, lines)));
  const room = MOST_OCTETS - octets([]);
  const lines = fittingLines(words.details, room, (text) => Buffer.byteLength(JSON.stringify(inert(text))));
  return cardOf(words, lines);
}

function cardOf({ tone, title, line, facts }: ChatWords, details: readonly string[]): CardPart {
  const body = [
    textBlock(title, { weight: 'Bolder', size: 'Medium', color: COLORS[tone] }),
    textBlock(line, {}),
    ...(facts.length === 0 ? [] : [textBlock(facts.join('\n'), { isSubtle: true })]),
    ...(details.length === 0 ? [] : [textBlock(details.join('\n'), { fontType: 'Monospace', size: 'Small' })]),
  ];
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: inert(clip(line, 500)),
    msteams: { width: 'Full' },
    body,
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }],
  };
}

function textBlock(text: string, style: CardPart): CardPart {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: inert(text), ...style }] };
}

/** Adaptive Cards replace `{{DATE(…)}}`, and their templates `${…}`, in any text. `<at>` names a person. */
function inert(text: string): string {
  return text
    .replace(/\{(?=\{)/g, '{ ')
    .replaceAll('${', '$ {')
    .replace(/<(?=\/?at>)/gi, '< ');
}
