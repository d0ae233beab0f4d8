/** The schema of the receivers of `notify` that are chat services. A secret is only named. */
import { z } from 'zod';
import { secretReferenceSchema } from '../credentials.ts';
import { text } from '../values.ts';

/** The places of a secret. A token or a URL in place of the name of its place is refused by `chat-checks.ts`. */
const secretOf = (what: string) =>
  secretReferenceSchema.describe(`Where ${what} is stored: exactly one of \`secret\` and \`env\`.`);

const webhookOf = (service: string) => z.strictObject({ url: secretOf(`the URL of ${service}`) }).optional();

export const chatShape = {
  slack: z
    .strictObject({
      channel: text(
        /^[CGD][A-Z0-9]{8,20}$/,
        'is not the id of a Slack channel, such as `C0123ABCD45`: it is at the end of the details of the channel; a name may change',
      ).describe('Id of the channel, at the end of its details: `C0123ABCD45`.'),
      token: secretOf('the bot token (`xoxb-…`) of the Slack app'),
      signingSecret: secretOf('the signing secret of the Slack app')
        .optional()
        .describe('Signing secret of the Slack app. With it, messages have the buttons Acknowledge and Mute 1 h.'),
    })
    .optional()
    .describe('A Slack channel, by the bot of an app. There is one message per incident, which is edited.'),
  slackWebhook: webhookOf('the incoming webhook').describe(
    'An incoming webhook of Slack. Its messages cannot be edited, and have no buttons.',
  ),
  teams: webhookOf('the workflow').describe(
    'A channel or chat of Microsoft Teams, by the workflow "When a Teams webhook request is received".',
  ),
  discord: webhookOf('the webhook').describe('A Discord channel, by a webhook. There is one message per incident.'),
  telegram: z
    .strictObject({
      chat: text(
        /^(?:-?[1-9]\d{0,19}|@[A-Za-z][A-Za-z0-9_]{3,31})$/,
        'is not the id of a Telegram chat: a number such as `"-1001234567890"`, in quotes, or `"@name"` of a public channel',
      ).describe('Id of the chat, in quotes: `"-1001234567890"`, or `"@name"` of a public channel.'),
      token: secretOf('the token of the bot'),
    })
    .optional()
    .describe('A Telegram chat, by a bot. There is one message per incident, which is edited.'),
  ntfy: z
    .strictObject({
      url: z.string().describe('`https://` URL of the topic: `https://ntfy.example.com/mail-alerts`.'),
      token: secretOf('the access token (`tk_…`)').optional().describe('Access token of a topic that needs one.'),
    })
    .optional()
    .describe('A topic of ntfy, for its apps.'),
};
