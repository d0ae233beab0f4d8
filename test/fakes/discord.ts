/** A Discord webhook on loopback: execute, and edit a message. https://docs.discord.com/developers/resources/webhook */
import { type FakeChat, type FakeReply, type FakeRequest, type Room, startChat } from './fake-service.ts';

export const discordPath = '/api/webhooks/123456789012345678/secretsecrettoken';

/** @param burst requests in two seconds */
export function startDiscord(burst = 30): Promise<FakeChat> {
  return startChat({
    last: 1_000,
    burst,
    interval: 2_000 / 5,
    tooMany: (wait) => ({
      status: 429,
      headers: { 'retry-after': String(Math.ceil(wait)) },
      body: { message: 'You are being rate limited.', retry_after: wait, global: false },
    }),
    answer,
  });
}

function answer({ method, path, query, json }: FakeRequest, room: Room): FakeReply {
  if (!path.startsWith(discordPath)) return { status: 404, body: { message: 'Unknown Webhook', code: 10_015 } };
  const fault = contentFault(json);
  if (fault !== null) return { status: 400, body: { message: fault, code: 50_035 } };
  if (method === 'POST') {
    const id = room.post(json ?? {});
    return query.get('wait') === 'true' ? { status: 200, body: { id, content: json?.content } } : { status: 204 };
  }
  const id = path.slice(`${discordPath}/messages/`.length);
  return room.edit(id, json ?? {})
    ? { status: 200, body: { id, content: json?.content } }
    : { status: 404, body: { message: 'Unknown Message', code: 10_008 } };
}

function contentFault(json: FakeRequest['json']): string | null {
  const content = json?.content;
  if (typeof content !== 'string' || content.trim() === '') return 'Cannot send an empty message';
  return content.length > 2_000 ? 'Invalid Form Body' : null;
}
