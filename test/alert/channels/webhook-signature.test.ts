import { createHmac, timingSafeEqual } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configuredWebhookSender, signedWebhookSender } from '../../../lambda/alert/channels/webhook.ts';
import { signatureHeaders } from '../../../lambda/alert/channels/webhook-signature.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import { type JsonServer, startJsonServer } from '../../fakes/json-server.ts';
import { context } from '../alerts.ts';
import { message, recordingPorts, send } from './pagers/worlds.ts';

const signature = { secret: 'hooks/key' };
let receiver: JsonServer;
beforeEach(async () => {
  receiver = await startJsonServer(() => ({ status: 200, body: {} }));
});
afterEach(() => receiver.close());

/** As `docs/alerts.md` shows it to receivers. */
function isFromMonitor(key: string, headers: Record<string, unknown>, body: string, now = Date.now() / 1000): boolean {
  const time = String(headers['smtp-quorum-timestamp']);
  const code = createHmac('sha256', key).update(`v1:${time}:${body}`).digest('hex');
  const [expected, given] = [Buffer.from(`v1=${code}`), Buffer.from(String(headers['smtp-quorum-signature']))];
  return Math.abs(now - Number(time)) < 300 && expected.length === given.length && timingSafeEqual(expected, given);
}

test('the signature is of this form', () => {
  expect(signatureHeaders('key', '{"a":1}', 1_700_000_000_999)).toEqual({
    'smtp-quorum-timestamp': '1700000000',
    'smtp-quorum-signature': `v1=${createHmac('sha256', 'key').update('v1:1700000000:{"a":1}').digest('hex')}`,
  });
});

test('a receiver can tell that a request is ours, whole and of now; the document is the same as without', async () => {
  const ports = recordingPorts(['the key']);
  expect(await send(signedWebhookSender({ url: receiver.url, signature }, ports), message('down'))).toEqual({
    taken: true,
    answer: 'HTTP 200',
  });
  const [request] = receiver.requests;
  const body = alertTexts(message('down').alert, context).https;
  expect(request?.body).toEqual(JSON.parse(body));
  const headers = { ...request?.headers };
  expect(isFromMonitor('the key', headers, body)).toBe(true);
  expect(isFromMonitor('another', headers, body)).toBe(false);
  expect(isFromMonitor('the key', headers, body.replace('down', 'upxx'))).toBe(false);
  expect(isFromMonitor('the key', headers, body, Date.now() / 1000 + 600)).toBe(false);
});

test('a rotated key is read again when the receiver refuses the signature', async () => {
  receiver.instead.push({ status: 401, body: {} });
  const ports = recordingPorts(['old', 'new']);
  expect(await send(signedWebhookSender({ url: receiver.url, signature }, ports), message('down'))).toMatchObject({
    taken: true,
  });
  expect(ports.reads).toEqual([undefined, 'old']);
  expect(
    isFromMonitor('new', { ...receiver.requests[1]?.headers }, alertTexts(message('down').alert, context).https),
  ).toBe(true);
});

test.each([
  [signature, 'secret hooks/key cannot be read: Error'],
  [{ env: 'HOOK_KEY' }, 'environment variable HOOK_KEY is not set'],
])('a key that cannot be read sends nothing: %j', async (place, words) => {
  const ports = { ...recordingPorts(), secret: async () => Promise.reject(new Error('no')) };
  const sender = signedWebhookSender({ url: receiver.url, signature: place }, ports);
  expect(await send(sender, message('down'))).toEqual({ taken: false, words, retryAfter: null });
  expect(receiver.requests).toEqual([]);
});

test('without a key in the config nothing is signed', async () => {
  await send(configuredWebhookSender({ url: receiver.url }, recordingPorts()), message('down'));
  expect(Object.keys(receiver.requests[0]?.headers ?? {}).filter((name) => name.startsWith('smtp-quorum'))).toEqual([]);
});
