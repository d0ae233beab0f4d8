/** Slack's `chat.postMessage`, `chat.update` and an incoming webhook, on loopback. https://docs.slack.dev/reference/methods */
import { type FakeChat, type FakeReply, type FakeRequest, type Room, startChat } from './fake-service.ts';

export const slackToken = 'xoxb-1111-2222-secretsecret';
export const slackChannel = 'C0123ABCD45';
export const slackHookPath = '/services/T000/B000/secretsecret';

/** @param burst requests that are taken at once. Slack allows short bursts above one message a second */
export function startSlack(burst = 50): Promise<FakeChat> {
  return startChat({
    last: 1_700_000_000,
    burst,
    interval: 1_000,
    tooMany: (wait, { path }) => ({
      status: 429,
      headers: { 'retry-after': String(Math.ceil(wait)) },
      body: path === slackHookPath ? 'rate_limited' : { ok: false, error: 'ratelimited' },
    }),
    answer: (request, room) => (request.path.startsWith('/services/') ? hook(request, room) : api(request, room)),
  });
}

function api({ path, headers, json }: FakeRequest, room: Room): FakeReply {
  if (headers.authorization !== `Bearer ${slackToken}`)
    return refuse(headers.authorization ? 'invalid_auth' : 'not_authed');
  if (json === undefined) return refuse('invalid_json');
  if (json.channel !== slackChannel) return refuse('channel_not_found');
  const fault = contentFault(json);
  if (fault !== null) return refuse(fault);
  const thread = typeof json.thread_ts === 'string' ? json.thread_ts : null;
  switch (path) {
    case '/api/chat.postMessage':
      if (thread !== null && !room.messages.some(({ id }) => id === thread)) return refuse('thread_not_found');
      return {
        status: 200,
        body: { ok: true, channel: slackChannel, ts: room.post(json, thread, json.reply_broadcast === true) },
      };
    case '/api/chat.update':
      return room.edit(String(json.ts), json)
        ? { status: 200, body: { ok: true, channel: slackChannel, ts: json.ts } }
        : refuse('message_not_found');
    default:
      return refuse('unknown_method');
  }
}

function refuse(error: string): FakeReply {
  return { status: 200, body: { ok: false, error } };
}

function hook({ path, json }: FakeRequest, room: Room): FakeReply {
  if (path !== slackHookPath) return { status: 404, body: 'no_service' };
  if (json === undefined) return { status: 400, body: 'invalid_payload' };
  const fault = contentFault(json);
  if (fault !== null) return { status: 400, body: fault };
  room.post(json);
  return { status: 200, body: 'ok' };
}

/** Why Slack would refuse the content of a message; null if it takes it. */
export function contentFault({ text, blocks }: Readonly<Record<string, unknown>>): string | null {
  if (typeof text !== 'string' || text.length > 40_000) return 'msg_too_long';
  if (!Array.isArray(blocks) || blocks.length > 50 || blocks.length === 0) return 'invalid_blocks';
  if (textsIn(blocks).join('').length > 11_000) return 'msg_blocks_too_long';
  return blocks.every(isBlock) ? null : 'invalid_blocks';
}

/** All texts in a value, at any depth. */
export function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : textsIn(inner),
  );
}

interface Part {
  readonly type?: string;
  readonly text?: unknown;
  readonly name?: unknown;
  readonly value?: unknown;
  readonly action_id?: unknown;
  readonly block_id?: unknown;
  readonly elements?: readonly Part[];
}

function isBlock(block: Part): boolean {
  if (block.type === 'rich_text') return block.elements?.every(isSection) === true;
  return block.type === 'actions' && String(block.block_id).length <= 255 && block.elements?.every(isButton) === true;
}

function isSection({ type, elements }: Part): boolean {
  return ['rich_text_section', 'rich_text_preformatted'].includes(type ?? '') && elements?.every(isElement) === true;
}

function isElement({ type, text, name }: Part): boolean {
  return type === 'text' ? typeof text === 'string' && text !== '' : type === 'emoji' && typeof name === 'string';
}

function isButton({ type, text, value, action_id }: Part): boolean {
  const label = (text as { readonly text?: string } | undefined)?.text ?? '';
  return type === 'button' && label.length <= 75 && String(value).length <= 2_000 && String(action_id).length <= 255;
}
