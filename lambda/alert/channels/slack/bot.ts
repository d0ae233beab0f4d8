/** Posts and edits Slack messages by the bot of an app: `chat.postMessage` and `chat.update`. */

import type { ChannelOf } from '../../../config/channel.ts';
import { acknowledgeable } from '../../../consensus/judgement/incident.ts';
import { ownValue } from '../../../wire/own-value.ts';
import { safeText } from '../../words/safe-text.ts';
import type { ChatPorts, SendOutcome } from '../chat/chat-ports.ts';
import { chatWords } from '../chat/chat-words.ts';
import { type EditOutcome, postOrEdit } from '../chat/post-or-edit.ts';
import type { Refused, SentMessage } from '../sender.ts';
import { refusedByStatus, requestService, type ServiceReply } from '../service-request.ts';
import { buttonsOf } from './actions.ts';
import { detailsContent, incidentContent, replyContent } from './blocks.ts';

type SlackReceiver = Omit<ChannelOf<'slack'>, 'when'>;
type Answer = { readonly taken: true; readonly ts: string } | (Refused & { refusesSecret?: boolean; isGone?: boolean });

export async function sendToSlack(
  receiver: SlackReceiver,
  message: SentMessage,
  ports: ChatPorts,
): Promise<SendOutcome> {
  const token = await ports.secret(receiver.token);
  const call = (method: string, fields: object) =>
    callSlack(ports, token, method, { channel: receiver.channel, ...fields });
  const words = chatWords(message, ports.context);
  const incident = receiver.signingSecret === undefined ? null : acknowledgeable(message.alert);
  const content = incidentContent(words, incident === null ? null : buttonsOf(incident.id));
  const reply = async (thread_ts: string, fields: object): Promise<EditOutcome> =>
    await call('chat.postMessage', { ...fields, thread_ts });
  return await postOrEdit(
    {
      post: async () => {
        const posted = await call('chat.postMessage', content);
        return posted.taken ? { taken: true, message: posted.ts } : posted;
      },
      edit: (ts) => call('chat.update', { ...content, ts }),
      addDetails: (ts) => reply(ts, detailsContent(words)),
      follow: (ts, isLoud) => reply(ts, { ...replyContent(words), reply_broadcast: isLoud }),
    },
    message,
  );
}

async function callSlack(ports: ChatPorts, token: string, method: string, json: object): Promise<Answer> {
  const url = `${ports.origins.slack}/api/${method}`;
  const reply = await requestService({ url, json, headers: { authorization: `Bearer ${token}` } }, ports.signal);
  return 'taken' in reply ? reply : answerOf(reply);
}

/** Slack answers 200 with `ok: false` when it refuses. */
function answerOf(reply: ServiceReply): Answer {
  const { ok, error, ts } = reply.fields;
  const code = typeof error === 'string' ? error : '';
  if (ok === true) return { taken: true, ts: typeof ts === 'string' ? ts : '' };
  const refused = refusedByStatus(reply, shown(code));
  if (refused !== null) return refused;
  return {
    taken: false,
    words: code === '' ? 'the answer is not one of Slack' : shown(code),
    retryAfter: reply.retryAfter,
    refusesSecret: BAD_TOKEN.has(code),
    isGone: GONE.has(code),
  };
}

const BAD_TOKEN: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
]);

/** `chat.update` cannot change the message: it was deleted, or it is not of this bot. */
const GONE: ReadonlySet<string> = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/** What to do, where Slack's code alone does not say it. https://docs.slack.dev/reference/methods/chat.postMessage/ */
const REMEDIES: Readonly<Record<string, string>> = {
  invalid_auth: 'the bot token is not valid',
  token_revoked: 'install the app again, and store its new token',
  account_inactive: 'install the app again, and store its new token',
  not_in_channel: 'invite the app to the channel: /invite @its-name',
  channel_not_found: 'check the id of the channel, and invite the app if the channel is private',
  is_archived: 'the channel is archived',
  missing_scope: 'add the scope chat:write to the app, and install it again',
  ratelimited: 'Slack is throttling requests',
};

function shown(code: string): string {
  const known = ownValue(REMEDIES, code);
  const remedy = known === undefined ? '' : ` (${known})`;
  return `${safeText(code, 100)}${remedy}`;
}
