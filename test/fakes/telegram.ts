/** The Bot API of Telegram on loopback: `sendMessage` and `editMessageText`. https://core.telegram.org/bots/api */
import { type FakeChat, type FakeReply, type FakeRequest, type Room, startChat } from './fake-service.ts';

export const telegramToken = '123456789:AAHsecretsecretsecretsecretsecretsec';
export const telegramChat = '-1001234567890';

/** @param burst messages in a minute to a group */
export function startTelegram(burst = 20): Promise<FakeChat> {
  return startChat({
    last: 100,
    burst,
    interval: 3_000,
    tooMany: (wait) =>
      refuse(429, `Too Many Requests: retry after ${Math.ceil(wait)}`, { retry_after: Math.ceil(wait) }),
    answer,
  });
}

function refuse(status: number, description: string, parameters?: object): FakeReply {
  return { status, body: { ok: false, error_code: status, description, ...(parameters && { parameters }) } };
}

function answer({ path, json }: FakeRequest, room: Room): FakeReply {
  if (!path.startsWith(`/bot${telegramToken}/`)) return refuse(401, 'Unauthorized');
  if (String(json?.chat_id) !== telegramChat) return refuse(400, 'Bad Request: chat not found');
  const fault = textFault(json ?? {});
  if (fault !== null) return refuse(400, fault);
  if (path.endsWith('/sendMessage')) {
    const replied = json?.reply_parameters as { readonly message_id?: number } | undefined;
    const id = room.post(json ?? {}, replied === undefined ? null : String(replied.message_id), replied !== undefined);
    return { status: 200, body: { ok: true, result: { message_id: Number(id), chat: { id: Number(telegramChat) } } } };
  }
  const id = String(json?.message_id);
  const before = room.messages.find((message) => message.id === id);
  if (before === undefined) return refuse(400, 'Bad Request: message to edit not found');
  if (before.content.text === json?.text)
    return refuse(400, 'Bad Request: message is not modified: specified new message content is exactly the same');
  room.edit(id, json ?? {});
  return { status: 200, body: { ok: true, result: { message_id: Number(id) } } };
}

interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

/** Why Telegram would refuse the text; null if it takes it. */
export function textFault({ text, entities = [] }: Readonly<Record<string, unknown>>): string | null {
  if (typeof text !== 'string' || text.trim() === '') return 'Bad Request: message text is empty';
  if (Array.from(text).length > 4_096) return 'Bad Request: message is too long';
  const fits = ({ offset, length }: Entity) => offset >= 0 && length > 0 && offset + length <= text.length;
  return (entities as readonly Entity[]).every(fits) ? null : "Bad Request: can't parse entities";
}
