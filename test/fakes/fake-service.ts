/** A service on loopback that keeps to what the real one publishes. A test may let it misbehave. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The body as JSON; undefined if it is none. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

export interface FakeReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | object;
}

/** Misbehaviour: a reply, 'hang' for none at all, or null for what the service does when it is well. */
export type Behaviour = (request: FakeRequest) => FakeReply | 'hang' | null;

export interface FakeService {
  readonly origin: string;
  readonly requests: readonly FakeRequest[];
  /** What each of them got. */
  readonly replies: readonly (FakeReply | 'hang')[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

export async function startService(answer: (request: FakeRequest) => FakeReply): Promise<FakeService> {
  const requests: FakeRequest[] = [];
  const replies: (FakeReply | 'hang')[] = [];
  let behaviour: Behaviour = () => null;
  const server = createServer(async (incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const body = await text(incoming);
    const request = {
      method: incoming.method ?? '',
      path: pathname,
      query: searchParams,
      headers: incoming.headers,
      body,
      json: jsonOf(body),
    };
    requests.push(request);
    const reply = behaviour(request) ?? answer(request);
    replies.push(reply);
    if (reply === 'hang') return;
    const isText = typeof reply.body === 'string' || reply.body === undefined;
    response
      .writeHead(reply.status, { 'content-type': isText ? 'text/plain' : 'application/json', ...reply.headers })
      .end(isText ? reply.body : JSON.stringify(reply.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    replies,
    behave: (next) => {
      behaviour = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function jsonOf(body: string): FakeRequest['json'] {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Fails these many times, then is well. */
export function failing(times: number, reply: FakeReply | 'hang'): Behaviour {
  let left = times;
  return () => {
    left -= 1;
    return left >= 0 ? reply : null;
  };
}

/** A message as people see it. */
export interface ShownMessage {
  readonly id: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** The message that this one is a reply to; null for one of the room itself. */
  readonly thread: string | null;
  /** A reply that the room shows, too. */
  readonly isBroadcast: boolean;
  readonly edits: number;
}

/** The messages of one room, in order. */
function openRoom(firstId: number) {
  const messages: ShownMessage[] = [];
  let last = firstId;
  return {
    messages,
    post(content: ShownMessage['content'], thread: string | null = null, isBroadcast = false): string {
      last += 1;
      const id = String(last);
      messages.push({ id, content, thread, isBroadcast, edits: 0 });
      return id;
    },
    edit(id: string, content: ShownMessage['content']): boolean {
      const at = messages.findIndex((message) => message.id === id);
      const before = messages[at];
      if (before === undefined) return false;
      messages[at] = { ...before, content, edits: before.edits + 1 };
      return true;
    },
    /** As a person does. */
    remove(id: string): void {
      messages.splice(0, messages.length, ...messages.filter((message) => message.id !== id));
    },
  };
}

/** A service with a room in which messages are shown. */
export type FakeChat = FakeService & { readonly room: Room };

export interface ChatRules {
  /** The id of the message before the first. */
  readonly last: number;
  /** Requests that are taken at once, and the milliseconds after which one more is. */
  readonly burst: number;
  readonly interval: number;
  /** The reply to a request too many. @param wait seconds */
  tooMany(wait: number, request: FakeRequest): FakeReply;
  answer(request: FakeRequest, room: Room): FakeReply;
}

export async function startChat({ last, burst, interval, tooMany, answer }: ChatRules): Promise<FakeChat> {
  const room = openRoom(last);
  const limit = rateLimit(burst, interval);
  const service = await startService((request) => {
    const wait = limit();
    return wait === null ? answer(request, room) : tooMany(wait, request);
  });
  return { ...service, room };
}

export type Room = ReturnType<typeof openRoom>;

/** At most `burst` requests at once and then one each `interval` milliseconds. Returns the seconds to wait, or null. */
function rateLimit(burst: number, interval: number, now: () => number = Date.now): () => number | null {
  let [tokens, last] = [burst, now()];
  return () => {
    tokens = Math.min(burst, tokens + (now() - last) / interval);
    last = now();
    if (tokens < 1) return ((1 - tokens) * interval) / 1000;
    tokens -= 1;
    return null;
  };
}
