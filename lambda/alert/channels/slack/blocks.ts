/**
 * Slack messages. All text is in `rich_text` elements, which Slack shows as they are: no mention, link or format in a text of
 * a server has an effect.
 */
import { type ChatTone, type ChatWords, fittingLines } from '../chat/chat-words.ts';

type Block = Readonly<Record<string, unknown>>;

export interface SlackContent {
  /** For notifications and old clients. It is Slack's markup, and escaped. */
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
  readonly link_names: false;
}

/**
 * Characters of all texts of one message. Slack refuses blocks with more than about 11,000 (`msg_blocks_too_long`,
 * github.com/slackapi/bolt-js issue 2867).
 */
const MOST_CHARACTERS = 9_000;
const LONGEST_FALLBACK = 3_000;

const EMOJI: Readonly<Record<ChatTone, string>> = {
  bad: 'red_circle',
  warning: 'large_orange_circle',
  good: 'large_green_circle',
  plain: 'white_circle',
};

/** The message of an incident. @param buttons the block of its buttons */
export function incidentContent(words: ChatWords, buttons: Block | null): SlackContent {
  const blocks = [richText(headline(words)), ...factBlocks(words), ...(buttons === null ? [] : [buttons])];
  return content(words.line, blocks);
}

/** The evidence, in the thread or below the message. */
export function detailsContent(words: ChatWords): SlackContent {
  return content(`Evidence of ${words.title}`, [detailsBlock(words.details, MOST_CHARACTERS)]);
}

/** A message of a channel that has no threads: with what fits of the evidence. */
export function wholeContent(words: ChatWords): SlackContent {
  const used = [words.title, words.line, ...words.facts].join('\n').length;
  const details = detailsBlock(words.details, MOST_CHARACTERS - used);
  return content(words.line, [richText(headline(words)), ...factBlocks(words), details]);
}

/** A reply in the thread that says what the edit of the message shows. */
export function replyContent(words: ChatWords): SlackContent {
  return content(words.line, [richText(headline(words))]);
}

function content(line: string, blocks: readonly Block[]): SlackContent {
  return { text: slackEscaped(line), blocks, unfurl_links: false, unfurl_media: false, link_names: false };
}

function headline({ tone, title, line }: ChatWords): readonly Block[] {
  return [
    { type: 'emoji', name: EMOJI[tone] },
    { type: 'text', text: ` ${title}\n`, style: { bold: true } },
    { type: 'text', text: line },
  ];
}

function factBlocks({ facts }: ChatWords): readonly Block[] {
  return facts.length === 0 ? [] : [preformatted(facts.join('\n'))];
}

function detailsBlock(lines: readonly string[], room: number): Block {
  return preformatted(fittingLines(lines, room).join('\n') || '-');
}

function richText(elements: readonly Block[]): Block {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

function preformatted(text: string): Block {
  return { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }] };
}

/**
 * Slack's three special characters as entities, whole: an entity is never cut.
 * https://docs.slack.dev/messaging/formatting-message-text/
 */
function slackEscaped(text: string): string {
  let escaped = '';
  for (const character of text) {
    const next = ENTITIES[character] ?? character;
    if (escaped.length + next.length > LONGEST_FALLBACK) return escaped;
    escaped += next;
  }
  return escaped;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
