/** Every kind of alert, with hostile texts in all of its parts, on every channel: bounded, whole and inert. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alertDocumentSchema } from '../../../docs/alert-schema.ts';
import { chatWords } from '../../../lambda/alert/channels/chat/chat-words.ts';
import { discordText } from '../../../lambda/alert/channels/chat/discord.ts';
import { ntfyMessage } from '../../../lambda/alert/channels/chat/ntfy.ts';
import { teamsMessage } from '../../../lambda/alert/channels/chat/teams.ts';
import { telegramText } from '../../../lambda/alert/channels/chat/telegram.ts';
import { customNotification } from '../../../lambda/alert/channels/pagers/amazon-q.ts';
import { jsmRequest } from '../../../lambda/alert/channels/pagers/jsm.ts';
import { pagerdutyEvent } from '../../../lambda/alert/channels/pagers/pagerduty.ts';
import { MOST_SSML, speechOf } from '../../../lambda/alert/channels/pagers/speech.ts';
import {
  detailsContent,
  incidentContent,
  replyContent,
  wholeContent,
} from '../../../lambda/alert/channels/slack/blocks.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import { summarizeAlert } from '../../../lambda/alert/words/first-line.ts';
import { PLAIN } from '../../../lambda/alert/words/late-delivery-note.ts';
import { gsm7 } from '../../../lambda/alert/words/sms.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import { contentFault, textsIn } from '../../fakes/slack.ts';
import { cardFault } from '../../fakes/teams.ts';
import { textFault } from '../../fakes/telegram.ts';
import { context } from '../alerts.ts';
import { anyNews } from '../any-news.ts';

const HALF = /\p{Cs}/u;
const holds = (
  property: (words: ReturnType<typeof chatWords>, alert: Parameters<typeof chatWords>[0]['alert']) => void,
) =>
  fc.assert(
    fc.property(anyNews, (alert) => property(chatWords({ ...PLAIN, alert }, context), alert)),
    { numRuns: 40 },
  );

test('chats', () => {
  holds((words) => {
    for (const content of [
      incidentContent(words, null),
      detailsContent(words),
      wholeContent(words),
      replyContent(words),
    ]) {
      expect(contentFault({ ...content })).toBeNull();
      expect(content.text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      expect(textsIn(content.blocks).join('\n')).not.toMatch(HALF);
    }
    expect(cardFault(teamsMessage(words))).toBeNull();
    expect(JSON.stringify(teamsMessage(words))).not.toMatch(/\{\{|\$\{|<\/?at>/i);
    for (const isWhole of [true, false]) {
      const discord = discordText(words, isWhole);
      expect(discord.length).toBeLessThanOrEqual(2_000);
      expect(discord).toMatch(/^(?:\\`|[^\n`])*\n```\n[^`]+\n```$/);
      expect(discord).not.toMatch(HALF);
      expect(textFault({ ...telegramText(words, isWhole) })).toBeNull();
      expect(telegramText(words, isWhole).text).not.toMatch(HALF);
      expect(discord).toContain(words.line.replaceAll('`', "'"));
    }
    const { title, message } = ntfyMessage(words);
    expect(Buffer.byteLength(title)).toBeLessThanOrEqual(200);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096);
    expect(message).toContain(words.line);
    expect(title + message).not.toMatch(HALF);
  });
});

test('texts', () => {
  holds((_, alert) => {
    const { subject, sms, email, https, default: line } = alertTexts(alert, context);
    expect(subject).toMatch(/^[!-~][ -~]{0,98}$/);
    expect(sms.length).toBeLessThanOrEqual(160);
    expect(gsm7(sms)).toBe(sms);
    expect(line).toBe(escapeForDisplay(line));
    for (const one of email.split('\n')) expect(one).toBe(escapeForDisplay(one));
    expect(Buffer.byteLength(email)).toBeLessThanOrEqual(24_000);
    expect(Buffer.byteLength(https)).toBeLessThanOrEqual(24_000);
    alertDocumentSchema.parse(JSON.parse(https));
  });
});

test('pagers', () => {
  holds((_, alert) => {
    const message = { ...PLAIN, alert };
    const speech = speechOf(context.name, summarizeAlert(alert, context));
    expect(speech.length).toBeLessThanOrEqual(MOST_SSML);
    expect(speech.replace(/<\/?(?:speak|say-as|break)[^<>]*>/g, '')).not.toMatch(/[<>&"]/);
    const { event } = pagerdutyEvent(message, context);
    expect(String(event.dedup_key ?? '').length).toBeLessThanOrEqual(255);
    expect(JSON.stringify(event).length).toBeLessThan(100_000);
    expect(JSON.stringify(event)).not.toMatch(HALF);
    const { body } = jsmRequest(message, context);
    expect(String(body.message ?? '').length).toBeLessThanOrEqual(130);
    expect(JSON.stringify(body)).not.toMatch(HALF);
    const notification = customNotification(message, context);
    const { title, description, keywords } = notification.content;
    expect([title, description, ...keywords].join('\n')).not.toMatch(/[<>[\]*`~|#@]|:\/\/|\p{Cs}|\p{Cc}(?<!\n)/u);
    expect(Buffer.byteLength(JSON.stringify(notification))).toBeLessThan(20_000);
  });
});
