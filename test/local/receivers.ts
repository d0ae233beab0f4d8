/** HTTP receivers of webhooks on loopback that behave as real ones do: well, badly, or not at all. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertDocument } from '../../lambda/alert/words/json-document.ts';

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds before the reply. */
  readonly after?: number;
}

export interface Delivered {
  readonly at: number;
  readonly id: string;
  readonly document: AlertDocument;
}

export interface Receiver {
  readonly url: string;
  /** What it accepted. */
  readonly taken: readonly Delivered[];
  /** Times of all requests. */
  readonly requests: readonly number[];
  /** Decides each reply from now on; null: it never replies. */
  behave(reply: () => Reply | null): void;
  close(): Promise<void>;
}

export const healthy = (): Reply => ({ status: 200 });

/** As chat services limit: `burst` at once, then `perSecond`; what is too much is told when to come again. */
export function rateLimited(perSecond: number, burst: number): () => Reply {
  let [tokens, last] = [burst, Date.now()];
  return () => {
    tokens = Math.min(burst, tokens + ((Date.now() - last) / 1000) * perSecond);
    last = Date.now();
    if (tokens < 1) return { status: 429, headers: { 'retry-after': '1' } };
    tokens -= 1;
    return { status: 200 };
  };
}

export async function startReceiver(first: () => Reply | null = healthy): Promise<Receiver> {
  let replyOf = first;
  const taken: Delivered[] = [];
  const requests: number[] = [];
  const server = createServer(async (request, response) => {
    requests.push(Date.now());
    const document = JSON.parse(await text(request)) as AlertDocument;
    const reply = replyOf();
    if (reply === null) return;
    await sleep(reply.after ?? 0);
    if (reply.status < 300) taken.push({ at: Date.now(), id: document.id, document });
    response.writeHead(reply.status, reply.headers ?? {}).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`,
    taken,
    requests,
    behave: (reply) => {
      replyOf = reply;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
