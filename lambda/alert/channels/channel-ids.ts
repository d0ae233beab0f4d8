/** Stable ids of channels. They contain no secret: of a URL the origin, of an address or a number nothing, of a secret a hash of its name. */
import { createHash } from 'node:crypto';
import type { AlertReceiver, ServiceReceiver, SubscribedReceiver } from '../../config/channel.ts';
import { comparableAddress } from '../../standards/domain-name.ts';

/** The fragment of a URL without its secrets. `fetch` sends no fragment, so no real URL needs one. */
const HASH = /^#[0-9a-f]{8}$/;

/** `webhook:<origin>#<hash>`; the same for a URL and for what `withoutSecrets` makes of it. */
export function webhookId(url: string): string {
  const { origin, hash } = new URL(withoutSecrets(url));
  return `webhook:${origin}${hash}`;
}

/** The origin of a URL, and a hash that tells it from others of this origin. Who has no secrets can still name the channel. */
export function withoutSecrets(url: string): string {
  const { origin, hash, pathname } = new URL(url);
  return HASH.test(hash) && pathname === '/' ? url : `${origin}/#${shortHash(comparableUrl(url))}`;
}

/** Scheme and host in lower case (RFC 3986, 6.2.2.1); credentials, path and query as they are. */
function comparableUrl(url: string): string {
  return url.replace(
    /^([^:/]+:\/\/)([^/?#]*@)?([^/?#]*)/,
    (_, scheme: string, login = '', host: string) => `${scheme.toLowerCase()}${login}${host.toLowerCase()}`,
  );
}

/**
 * The id of an e-mail address or a telephone number, in the message attribute that names the receivers. An id in place of
 * the address is returned as it is.
 */
export function subscriberId(receiver: SubscribedReceiver): string {
  const place = receiver.kind === 'email' ? comparableAddress(receiver.address) : receiver.number;
  return ID.test(place) ? place : `${receiver.kind}:${shortHash(place)}`;
}

/** Whether it is the id of an e-mail address or a telephone number. */
export function isSubscriberId(id: string): boolean {
  return ID.test(id);
}

const ID = /^(email|sms):[0-9a-f]{8}$/;

/** The id of any receiver. */
export function receiverId(receiver: AlertReceiver): string {
  switch (receiver.kind) {
    case 'email':
    case 'sms':
      return subscriberId(receiver);
    case 'webhook':
      return webhookId(receiver.url);
    default:
      return serviceId(receiver);
  }
}

/** The kind, and what tells one receiver of this kind from another. */
function serviceId(receiver: ServiceReceiver): string {
  switch (receiver.kind) {
    case 'slack':
      return `slack:${receiver.channel}`;
    case 'slack-webhook':
    case 'teams':
    case 'discord':
      return `${receiver.kind}:${shortHash(JSON.stringify(receiver.url))}`;
    case 'telegram':
      return `telegram:${receiver.chat}`;
    case 'pagerduty':
      return `pagerduty:${shortHash(JSON.stringify(receiver.routingKey))}`;
    case 'jsm':
      return `jsm:${shortHash(JSON.stringify(receiver.apiKey))}`;
    case 'ntfy':
      return `ntfy:${shortHash(comparableUrl(receiver.url))}`;
    case 'amazon-q':
      return `amazon-q:${shortHash(receiver.topicArn)}`;
    case 'phone':
      return PHONE_ID.test(receiver.number) ? receiver.number : `phone:${shortHash(receiver.number)}`;
    default:
      return receiver satisfies never;
  }
}

const PHONE_ID = /^phone:[0-9a-f]{8}$/;

function shortHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}
