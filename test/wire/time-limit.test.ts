/** Requests to receivers that never reply, while garbage is collected. */
import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChatSend } from '../../lambda/alert/channels/chat/chat-ports.ts';
import { chatSender } from '../../lambda/alert/channels/chat/chat-sender.ts';
import { withKey } from '../../lambda/alert/channels/keyed-request.ts';
import { postWebhook } from '../../lambda/alert/channels/webhook.ts';
import { withTimeLimit } from '../../lambda/wire/time-limit.ts';

let server: Server;
let url = '';
let collect: () => void;
let turns: NodeJS.Timeout;

beforeAll(async () => {
  server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc');
  turns = setInterval(collect, 20);
});
afterAll(() => {
  clearInterval(turns);
  server.close();
});

const never = new AbortController().signal;
const late = Symbol('it never ended');
const orLate = <Value>(ends: Promise<Value>) => Promise.race([ends, sleep(60_000, late, { ref: false })]);

test.each(Array.from({ length: 5 }, (_, nth) => nth))('a webhook that never replies ends in time: %d', async () => {
  expect(await orLate(postWebhook(url, '{}', 'mx1', { timeout: 300, signal: never }))).toEqual({
    taken: false,
    words: 'no reply within 0.3 s',
    retryAfter: null,
  });
});

test.each(Array.from({ length: 5 }, (_, nth) => nth))('a service that never replies ends in time: %d', async () => {
  const request = async (_: string, signal: AbortSignal) => {
    await fetch(url, { signal });
    return { result: { taken: true, answer: '' } as const, isKeyRefused: false };
  };
  expect(await orLate(withKey({ env: 'KEY' }, async () => 'key', request, never, 300))).toEqual({
    taken: false,
    words: 'no reply in time',
    retryAfter: null,
  });
});

test.each(Array.from({ length: 5 }, (_, nth) => nth))('a chat that never replies ends in time: %d', async () => {
  const send: ChatSend<string> = async (place, _, { signal }) => {
    const ended = await fetch(place, { signal }).catch((error: Error) => error.name);
    return { taken: false, words: String(ended), retryAfter: null };
  };
  const ports = { config: null as never, secret: async () => '', timeout: 300 };
  expect(await orLate(chatSender(send)(url, ports)(null as never, never))).toMatchObject({ words: 'TimeoutError' });
});

test('it ends with what stops it, also if that was before, and keeps nothing', async () => {
  const stop = new AbortController();
  const seen = withTimeLimit(60_000, stop.signal, async (signal, isOver) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return [signal.aborted, isOver()];
  });
  stop.abort();
  expect(await seen).toEqual([true, false]);
  expect(await withTimeLimit(60_000, stop.signal, async (signal) => signal.aborted)).toBe(true);
});
