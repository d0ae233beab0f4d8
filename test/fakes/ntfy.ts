/** An ntfy server on loopback, with one topic that needs a token. https://docs.ntfy.sh/publish/ */
import { type FakeChat, type FakeReply, type FakeRequest, type Room, startChat } from './fake-service.ts';

export const ntfyToken = 'tk_secretsecretsecretsecretsecret';
export const ntfyTopic = 'mail-alerts';

/** @param burst requests at once, then one every five seconds */
export function startNtfy(burst = 60): Promise<FakeChat> {
  return startChat({
    last: 0,
    burst,
    interval: 5_000,
    tooMany: () => refuse(429, 42_901, 'limit reached: too many requests'),
    answer,
  });
}

function refuse(http: number, code: number, error: string): FakeReply {
  return { status: http, body: { code, http, error, link: 'https://ntfy.sh/docs/publish/' } };
}

function answer({ method, path, headers, json }: FakeRequest, room: Room): FakeReply {
  if (method !== 'POST' || path !== '/') return refuse(404, 40_401, 'page not found');
  if (json === undefined) return refuse(400, 40_024, 'invalid request: request body must be valid JSON');
  if (json.topic !== ntfyTopic || headers.authorization !== `Bearer ${ntfyToken}`)
    return refuse(403, 40_301, 'forbidden');
  const { message, priority } = json;
  if (typeof message !== 'string' || typeof priority !== 'number' || priority < 1 || priority > 5)
    return refuse(400, 40_007, 'invalid request: priority invalid');
  // A longer one becomes an attachment, which is not what people are to see.
  if (Buffer.byteLength(message) > 4_096) return refuse(400, 40_014, 'invalid request: attachments not allowed');
  return { status: 200, body: { id: `m${room.post(json)}`, event: 'message', topic: ntfyTopic } };
}
