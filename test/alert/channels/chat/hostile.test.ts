/** Text of a hostile server on each chat service: within the published limits, whole characters, and without effect. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatWords } from '../../../../lambda/alert/channels/chat/chat-words.ts';
import { discordText } from '../../../../lambda/alert/channels/chat/discord.ts';
import { ntfyMessage } from '../../../../lambda/alert/channels/chat/ntfy.ts';
import { teamsMessage } from '../../../../lambda/alert/channels/chat/teams.ts';
import { telegramText } from '../../../../lambda/alert/channels/chat/telegram.ts';
import {
  detailsContent,
  incidentContent,
  replyContent,
  wholeContent,
} from '../../../../lambda/alert/channels/slack/blocks.ts';
import { PLAIN } from '../../../../lambda/alert/words/late-delivery-note.ts';
import { contentFault, textsIn } from '../../../fakes/slack.ts';
import { cardFault } from '../../../fakes/teams.ts';
import { textFault } from '../../../fakes/telegram.ts';
import { anyAlert, context } from '../../alerts.ts';
import { hostileAlert, hostileTexts } from '../hostile-texts.ts';
import { chatServices, type Running, startChat } from './services.ts';

const signal = new AbortController().signal;

/** Control characters, format characters and halves of characters that a text of a server may not bring in. */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/** Half of a character. */
const HALF = /\p{Cs}/u;

describe.each(chatServices.map((service) => [service.kind, service] as const))('%s', (kind, service) => {
  let chat: Running;
  beforeAll(async () => {
    chat = await startChat(service);
  });
  afterAll(async () => await chat.fake.close());

  test.each(hostileTexts.map((hostile) => [hostile.name, hostile] as const))('%s', async (_, hostile) => {
    const before = chat.fake.room.messages.length;
    let result = await chat.send({ ...PLAIN, alert: hostileAlert(hostile) }, signal);
    // The fakes throttle, too.
    for (let tries = 0; !result.taken && /429/.test(result.words) && tries < 3; tries += 1) {
      await chat.fake.close();
      chat = await startChat(service);
      result = await chat.send({ ...PLAIN, alert: hostileAlert(hostile) }, signal);
    }
    expect(result).toMatchObject({ taken: true });
    const messages = chat.fake.room.messages.slice(Math.min(before, chat.fake.room.messages.length - 1));
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) {
      for (const text of service.shown(message)) expect(text.split('\n').join('')).not.toMatch(UNFIT);
      inert(kind, message.content, hostile.text);
    }
  });
});

/** What each service would make of the content, beyond showing it. */
function inert(kind: string, content: Readonly<Record<string, unknown>>, hostile: string): void {
  switch (kind) {
    case 'slack':
    case 'slack-webhook':
      // The only text that is Slack's markup: nothing but entities may begin with its special characters.
      expect(content.text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      expect(JSON.stringify(content.blocks)).not.toMatch(/"type":"(?:link|user|broadcast|channel|usergroup|mrkdwn)"/);
      return;
    case 'teams':
      expect(JSON.stringify(content)).not.toMatch(/"type":"TextBlock"|"entities"|"selectAction"|\{\{|\$\{|<\/?at>/);
      return;
    case 'discord': {
      const text = String(content.content);
      expect(content.allowed_mentions).toEqual({ parse: [] });
      // The title, one code block, and nothing behind it.
      expect(text).toMatch(/^[^\n`]*\n```\n[^`]*\n```$/);
      return;
    }
    case 'telegram': {
      expect(content).not.toHaveProperty('parse_mode');
      const [, pre] = content.entities as readonly { type: string; offset: number; length: number }[];
      const text = String(content.text);
      expect(pre?.type).toBe('pre');
      // All of the server's text is in `pre`.
      expect((pre?.offset ?? 0) + (pre?.length ?? 0)).toBe(text.length);
      expect(text.slice(0, pre?.offset)).toBe('\u{1f534} DOWN mx1\n');
      return;
    }
    case 'ntfy':
      expect(content).not.toHaveProperty('markdown');
      expect(content.actions).toBeUndefined();
      expect(content.click).toBeUndefined();
      return;
    default:
      throw new Error(`${kind}: ${hostile.length}`);
  }
}

test('any alert is within the limits of every service, and no character is cut', () => {
  fc.assert(
    fc.property(anyAlert, (alert) => {
      const words = chatWords({ ...PLAIN, alert }, context);
      for (const content of [
        incidentContent(words, null),
        detailsContent(words),
        wholeContent(words),
        replyContent(words),
      ])
        expect(contentFault({ ...content })).toBeNull();
      expect(cardFault(teamsMessage(words))).toBeNull();
      for (const isWhole of [true, false]) {
        const text = discordText(words, isWhole);
        expect(text.length).toBeLessThanOrEqual(2_000);
        expect(text).not.toMatch(HALF);
        expect(textFault({ ...telegramText(words, isWhole) })).toBeNull();
        expect(telegramText(words, isWhole).text.length).toBeLessThanOrEqual(4_096);
        expect(telegramText(words, isWhole).text).not.toMatch(HALF);
      }
      const { title, message } = ntfyMessage(words);
      expect(Buffer.byteLength(title)).toBeLessThanOrEqual(200);
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096);
      expect(title + message).not.toMatch(HALF);
      expect(textsIn(wholeContent(words).blocks).join('\n')).not.toMatch(HALF);
    }),
    { numRuns: 150 },
  );
});

test('the first line is in every message, however long the evidence is', () => {
  for (const hostile of hostileTexts) {
    const words = chatWords({ ...PLAIN, alert: hostileAlert(hostile) }, context);
    const line = words.line.replaceAll('`', "'");
    expect(discordText(words, true)).toContain(line);
    expect(telegramText(words, true).text).toContain(words.line);
    expect(ntfyMessage(words).message).toContain(words.line);
    expect(textsIn(wholeContent(words).blocks)).toContain(words.line);
  }
});
