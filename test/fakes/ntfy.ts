/** An ntfy server on loopback, with one topic that needs a token. https://docs.ntfy.sh/publish/ */
import {
  type FakeReply,
  type FakeRequest,
  type FakeService,
  openRoom,
  rateLimit,
  startService,
} from './fake-service.ts';

export const ntfyToken = 'tk_secretsecretsecretsecretsecret';
export const ntfyTopic = 'mail-alerts';

export type FakeNtfy = FakeService & { readonly room: ReturnType<typeof openRoom> };

/** @param burst requests at once, then one every five seconds */
export async function startNtfy(burst = 60): Promise<FakeNtfy> {
  const room = openRoom(0);
  const limit = rateLimit(burst, 5_000);
  const service = await startService((request) => {
    if (limit() !== null) return refuse(429, 42_901, 'limit reached: too many requests');
    return answer(request, room);
  });
  return { ...service, room };
}

function refuse(http: number, code: number, error: string): FakeReply {
  return { status: http, body: { code, http, error, link: 'https://ntfy.sh/docs/publish/' } };
}

function answer({ method, path, headers, json }: FakeRequest, room: FakeNtfy['room']): FakeReply {
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
