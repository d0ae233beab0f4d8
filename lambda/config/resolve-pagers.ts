/** The receivers of `notify` that page, with their defaults. The checks of the config have found one place for each secret. */
import type { SecretReference, ServiceReceiver, WebhookReceiver } from './channel.ts';
import type { CheckedNotify } from './schema/notify/notify.ts';

const PAGERDUTY = 'https://events.pagerduty.com';
const JSM = 'https://api.atlassian.com/jsm/ops/integration';

/** Dollars. A minute to most countries costs less. */
const MOST_PER_MINUTE = 0.1;

export function pagerReceiverOf({ pagerduty, jsm, amazonQ, phone }: CheckedNotify): ServiceReceiver | null {
  if (pagerduty !== undefined) return pagerdutyOf(pagerduty);
  if (jsm !== undefined) return { kind: 'jsm', apiKey: storedAt(jsm.apiKey), url: baseOf(jsm.url ?? JSM) };
  if (amazonQ !== undefined) return { kind: 'amazon-q', topicArn: amazonQ.topicArn };
  if (phone === undefined) return null;
  const { number, from, voice = 'MATTHEW', mostPerMinute = MOST_PER_MINUTE } = phone;
  return { kind: 'phone', number, from, voice, mostPerMinute };
}

function pagerdutyOf({ routingKey, url, webhookSecret }: NonNullable<CheckedNotify['pagerduty']>): ServiceReceiver {
  return {
    kind: 'pagerduty',
    routingKey: storedAt(routingKey),
    url: baseOf(url ?? PAGERDUTY),
    ...(webhookSecret === undefined ? {} : { webhookSecret: storedAt(webhookSecret) }),
  };
}

export function webhookOf(url: string, { signature }: CheckedNotify): WebhookReceiver {
  return { kind: 'webhook', url, ...(signature === undefined ? {} : { signature: storedAt(signature) }) };
}

function baseOf(url: string): string {
  return url.replace(/\/+$/, '');
}

function storedAt({ secret, env }: { secret?: string | undefined; env?: string | undefined }): SecretReference {
  return secret === undefined ? { env: env ?? '' } : { secret };
}
