/** A workflow of Microsoft Teams with the trigger "When a Teams webhook request is received", on loopback. */
import { type FakeChat, type FakeReply, type FakeRequest, type Room, startChat } from './fake-service.ts';

export const teamsPath = '/workflows/0123456789abcdef/triggers/manual/paths/invoke';
export const teamsSignature = 'secretsecretsignature';

/** @param burst requests in a second */
export function startTeams(burst = 4): Promise<FakeChat> {
  return startChat({
    last: 0,
    burst,
    interval: 1_000 / burst,
    tooMany: (wait) => ({ status: 429, headers: { 'retry-after': String(Math.ceil(wait)) } }),
    answer,
  });
}

function answer({ path, query, body, json }: FakeRequest, room: Room): FakeReply {
  if (path !== teamsPath) return { status: 404, body: { error: { code: 'WorkflowNotFound', message: 'not found' } } };
  if (query.get('sig') !== teamsSignature)
    return { status: 401, body: { error: { code: 'DirectApiAuthorizationRequired', message: 'sign the request' } } };
  const fault = json === undefined ? 'InvalidJson' : cardFault(json, body);
  if (fault !== null) return { status: 400, body: { error: { code: fault, message: 'refused' } } };
  room.post(json ?? {});
  return { status: 202 };
}

/** Why Teams would refuse the message; null if it takes it. */
export function cardFault(message: Readonly<Record<string, unknown>>, body = JSON.stringify(message)): string | null {
  if (Buffer.byteLength(body) > 28_672) return 'RequestTooLarge';
  const [attachment] = (message.attachments ?? []) as readonly { contentType?: string; content?: Card }[];
  if (message.type !== 'message' || attachment?.contentType !== 'application/vnd.microsoft.card.adaptive')
    return 'InvalidCard';
  const { type, version = '', body: parts = [] } = attachment.content ?? {};
  if (type !== 'AdaptiveCard' || !/^1\.[0-5]$/.test(version) || parts.length === 0) return 'InvalidCard';
  return parts.every(isTextBlock) ? null : 'InvalidCard';
}

interface Card {
  readonly type?: string;
  readonly version?: string;
  readonly body?: readonly {
    readonly type?: string;
    readonly inlines?: readonly { readonly type?: string; readonly text?: unknown }[];
  }[];
}

function isTextBlock({ type, inlines }: NonNullable<Card['body']>[number]): boolean {
  return (
    type === 'RichTextBlock' && inlines?.every((run) => run.type === 'TextRun' && typeof run.text === 'string') === true
  );
}
